// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CampaignStore } from '../../src/db/campaign-store.ts';
import { openDatabase } from '../../src/db/database.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { findTraces } from '../support/leftovers.ts';
import { pasekaJson, startPaseka } from '../support/paseka.ts';
import { rebuild } from '../support/rebuild-document.ts';

engineTests('killed by SIGKILL', (engine) => {
  /** Kills a rebuild when it says this; then nothing of it lives, and its mounts are gone with it. */
  async function killAt(place: Place, said: RegExp, ...words: readonly string[]): Promise<number> {
    const before = findTraces(tmpdir());
    const { pid } = await (async () => {
      await using running = startPaseka(['rebuild', ...engine.from, '--verbose', ...words], place);
      await running.said(said);
      running.kill('SIGKILL');
      expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
      return running;
    })();
    for (const kind of ['processes', 'mounts'] as const) {
      const left = (): string[] => findTraces(tmpdir())[kind].filter((line) => !before[kind].includes(line));
      await expect.poll(left, { timeout: 10_000 }).toEqual([]);
    }
    return pid;
  }

  /** The next start finds a clean state. */
  async function expectClean(place: Place, pid: number): Promise<void> {
    await pasekaJson(['gc'], 0, place);
    for (const name of ['run', 'tmp']) expect(readdirSync(join(place.state, name)), name).toEqual([]);
    expect(findTraces(tmpdir()).cgroups.filter((path) => path.includes(`paseka-${pid}-`))).toEqual([]);
  }

  for (const phase of ['fetch', 'resolve', 'install-dependencies', 'unpack', 'build', 'install-check']) {
    test(`in the phase ${phase}`, async () => {
      await using place = await makePlace(engine);
      const pid = await killAt(place, new RegExp(`^alpha: ${phase}(:|$)`, 'm'), 'alpha');
      await expectClean(place, pid);
      using database = openDatabase(join(place.state, 'paseka.sqlite'));
      const store = new CampaignStore(database);
      const [campaign] = store.list();
      expect(campaign).toMatchObject({ status: 'interrupted' });
      const events = store.events(campaign?.id ?? '', 0, 1000);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.at(-1)?.seq).toBe(campaign?.lastSeq);
      await rebuild([...engine.from, 'alpha'], 0, place);
    });
  }

  test('while the snapshot is frozen', async () => {
    await using place = await makePlace(engine);
    await fs.rm(join(place.state, 'snapshots'), { recursive: true });
    const pid = await killAt(place, /^fetching /m, 'gamma');
    await expectClean(place, pid);
    expect(readdirSync(join(place.state, 'snapshots'))).toEqual([]);
  });

  for (const said of ['fetching \\d+ packages of the build base', 'making the build base']) {
    test(`while a base is made: ${said}`, async () => {
      await using place = await makePlace(engine);
      await fs.rm(join(place.state, 'bases'), { recursive: true });
      const pid = await killAt(place, new RegExp(said), 'gamma');
      expect(readdirSync(join(place.state, 'bases')), 'no half-made one').toEqual([]);
      await expectClean(place, pid);
    });
  }
});
