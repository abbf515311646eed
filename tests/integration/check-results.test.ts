// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { paseka } from '../support/paseka.ts';
import type { InstallCheckDocument } from '../support/rebuild-document.ts';
import { makeBinaryPackage, type SmallBinary } from '../support/small-packages.ts';
import { SmallRepository } from '../support/small-repository.ts';

interface Checked {
  /** Whether an earlier result stood for it, by the package's name. */
  readonly reused: Readonly<Record<string, boolean>>;
  readonly checks: readonly InstallCheckDocument[];
}

const passedBefore = 'the same package passed over the same base and dependencies before\n';

/** Makes each package once for a place: made again, it would have other times in it. */
function makeFiles(place: Place): (one: SmallBinary) => Promise<string> {
  const made = new Map<SmallBinary, Promise<string>>();
  return (one) => {
    const file = made.get(one) ?? makeBinaryPackage(one, join(place.scratch, String(made.size)));
    made.set(one, file);
    return file;
  };
}

engineTests('results of install checks', (engine) => {
  /** Checks packages together. */
  function checkIn(
    place: Place,
  ): (
    packages: readonly SmallBinary[],
    settings?: { readonly status?: number; readonly from?: readonly string[] },
  ) => Promise<Checked> {
    const makeFile = makeFiles(place);
    return async (packages, { status = 0, from = engine.from } = {}) => {
      const files = await Promise.all(packages.map(makeFile));
      const result = await paseka(['install-check', '--json', '--verbose', ...from, ...files], place);
      expect(result.status, `${result.stderr}\n${result.stdout}`).toBe(status);
      const parts = result.stderr.split(/^checking (?=\S+ \S+$)/m).slice(1);
      return {
        reused: Object.fromEntries(parts.map((part) => [part.split(' ')[0], part.includes(passedBefore)])),
        checks: (JSON.parse(result.stdout) as { installChecks: InstallCheckDocument[] }).installChecks,
      };
    };
  }

  const messy: SmallBinary = {
    name: 'messy',
    fields: { Depends: 'hive-data, wax' },
    scripts: { postinst: '#!/bin/sh\nmkdir -p /opt/messy\n' },
  };
  const wax: SmallBinary = { name: 'wax' };

  test('the same again is not checked again; another package and other dependencies are', async () => {
    await using place = await makePlace(engine);
    const check = checkIn(place);
    const first = await check([messy, wax]);
    expect(first.reused).toEqual({ messy: false, wax: false });
    expect(first.checks[0]?.warnings).toContain('owned by no package: /opt/messy');
    const again = await check([messy, wax]);
    expect(again.reused).toEqual({ messy: true, wax: true });
    expect(again.checks.map(({ wallMs: _, ...one }) => one)).toEqual(
      first.checks.map(({ wallMs: _, ...one }) => one),
    );

    const changed = { ...messy, scripts: {} };
    expect((await check([changed, wax])).reused).toEqual({ messy: false, wax: true });
    // the same name and version with something else in it
    const otherWax = { ...wax, files: { '/usr/share/wax': 'yellow' } };
    const overOther = await check([messy, otherWax]);
    expect(overOther.reused).toEqual({ messy: false, wax: false });
    // what was known before still holds
    expect((await check([messy, wax])).reused).toEqual({ messy: true, wax: true });
  });

  test('what failed is checked again each time', async () => {
    await using place = await makePlace(engine);
    const check = checkIn(place);
    const failing: SmallBinary = {
      name: 'failing',
      fields: { Depends: 'wax' },
      scripts: { postinst: '#!/bin/sh\nexit 3\n' },
    };
    for (const waxReused of [false, true]) {
      const { reused, checks } = await check([failing, wax], { status: 1 });
      expect(reused).toEqual({ failing: false, wax: waxReused });
      expect(checks[0]).toMatchObject({ outcome: 'failed', step: 'install' });
    }
  });

  test('another snapshot with the same base changes nothing, another base does', async () => {
    await using place = await makePlace(engine);
    const check = checkIn(place);
    await using newer = await SmallRepository.make({ suite: 'newer', hasSources: false });
    await newer.addBinary({ name: 'beside' });
    await newer.publish();
    const sourcesFile = join(place.scratch, 'both.sources');
    const stanza = `Types: deb\nURIs: file:${newer.directory}\nSuites: newer\nComponents: main\nSigned-By: ${newer.key.keyring}\n`;
    writeFileSync(sourcesFile, `${readFileSync(engine.distribution.sourcesFile, 'utf8')}\n${stanza}`);
    const from = ['--sources', sourcesFile];

    expect((await check([wax])).reused).toEqual({ wax: false });
    expect((await check([wax], { from })).reused).toEqual({ wax: true });
    await newer.addBinary({ name: 'hostname', version: '99', fields: { Essential: 'yes' } });
    await newer.publish();
    const created = await paseka(['snapshot', 'create', ...from], place);
    expect(created.status, created.stderr).toBe(0);
    expect((await check([wax], { from })).reused).toEqual({ wax: false });
  });
});
