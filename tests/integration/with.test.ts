// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeBinaryPackage, type SmallBinary } from '../support/small-packages.ts';

interface ResolveDocument {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly from?: string;
    readonly why?: string;
  }[];
  readonly removed?: readonly string[];
  readonly unsatisfiable?: string;
  readonly decidedBy: string;
}

/** `name version`, and which of them are the user's own. */
function chosen(document: ResolveDocument): string[] {
  return document.packages.map(
    ({ name, version, from }) => `${name} ${version}${from === undefined ? '' : ` ${from}`}`,
  );
}

engineTests('packages of the user’s own', (engine) => {
  /** A directory with packages, one of them in a directory below. */
  async function directoryOf(place: Place, ...packages: readonly SmallBinary[]): Promise<string> {
    const directory = join(place.scratch, 'own');
    mkdirSync(join(directory, 'below'), { recursive: true });
    for (const [index, one] of packages.entries())
      await makeBinaryPackage(one, join(directory, index % 2 === 0 ? '' : 'below'));
    return directory;
  }

  test('resolve prefers them, older ones and in directories too, whoever decides', async () => {
    await using place = await makePlace(engine);
    const own = await directoryOf(
      place,
      { name: 'hive-tool', version: '0.1', fields: { Depends: 'own-library' } },
      { name: 'own-library', version: '1:7' },
      { name: 'never-asked-for' },
      { name: 'own-library', version: '3' },
    );
    const resolve = (...words: string[]): Promise<ResolveDocument> =>
      pasekaJson(['resolve', ...engine.from, '--with', own, ...words], 0, place);
    const inProcess = await resolve('alpha');
    expect(inProcess).toMatchObject({ source: 'alpha', decidedBy: 'paseka' });
    const expected = ['hive-tool 0.1 local', 'own-library 1:7 local'];
    expect(chosen(inProcess)).toEqual(expected);
    const conflicting = await place.source({
      name: 'conflicting',
      buildDepends: 'hive-tool',
      fields: { 'Build-Conflicts': 'fakeroot' },
    });
    const byApt = await resolve(conflicting);
    expect(byApt).toMatchObject({ decidedBy: 'apt', removed: ['fakeroot'] });
    expect(chosen(byApt)).toEqual(expected);
    expect(chosen(await resolve('--package', 'hive-tool'))).toEqual(expected);
    const people = await paseka(['resolve', ...engine.from, '--with', own, '--why', conflicting], place);
    expect(people.stdout).toMatch(/^own-library +1:7 +all +hive-tool: Depends own-library$/m);
    expect(people.stdout).toMatch(/taken out of the base: fakeroot\ndecided by apt\n$/);
  });

  test('what the base has in another version is replaced, in process and by apt', async () => {
    await using place = await makePlace(engine);
    const own = await makeBinaryPackage({ name: 'patch', version: '99' }, place.scratch);
    const plain = await place.source({ name: 'plain', buildDepends: 'hive-data' });
    const conflicting = await place.source({
      name: 'conflicting',
      fields: { 'Build-Conflicts': 'fakeroot' },
    });
    const resolve = (source: string): Promise<ResolveDocument> =>
      pasekaJson(['resolve', ...engine.from, '--with', own, '--why', source], 0, place);
    const inProcess = await resolve(plain);
    expect(chosen(inProcess)).toEqual(['hive-data 1.0', 'patch 99 local']);
    expect(inProcess.packages[1]?.why).toMatch(/^given in the place of the base's \d/);
    expect(chosen(await resolve(conflicting))).toEqual(['patch 99 local']);
    const broken = await makeBinaryPackage(
      { name: 'patch', version: '100', fields: { Depends: 'gone' } },
      place.scratch,
    );
    const refused = await pasekaJson<ResolveDocument>(
      ['resolve', ...engine.from, '--with', broken, plain],
      1,
      place,
    );
    expect(refused.unsatisfiable).toMatch(
      /^patch 100 is given in the place of the base's \d\S*\n {2}patch 100 needs gone\n {4}but there is no package/,
    );
  });

  test('what the base has in the same version, but not so, is replaced, by linking and by apt', async () => {
    await using place = await makePlace(engine);
    const seen = (name: string, fields: Readonly<Record<string, string>>): Promise<string> =>
      place.source({
        name,
        fields,
        buildDepends: 'hive-data',
        rules: `#!/usr/bin/make -f
clean:
build build-arch build-indep:
binary binary-arch:
binary-indep:
	cat /usr/share/doc/patch/own
	mkdir -p debian/tmp/DEBIAN
	dpkg-gencontrol -p${name} -Pdebian/tmp
	dpkg-deb --root-owner-group --build debian/tmp ..
binary: binary-indep
`,
      });
    const plain = await seen('plain', {});
    const conflicting = await seen('conflicting', {
      'Build-Conflicts': 'fakeroot',
      'Rules-Requires-Root': 'no',
    });
    const bases = globSync(join(place.state, 'bases/*/root/var/lib/dpkg/status'));
    const installed = bases.map((path) => readFileSync(path, 'utf8')).join('\n');
    const [stanza = ''] = /^Package: patch\n(?:.+\n)+/m.exec(installed) ?? [];
    const fields = Object.fromEntries(
      [...stanza.matchAll(/^(\S+): (.*)$/gm)]
        .filter(([, name]) => name !== 'Status')
        .map(([, name, value]) => [name, value]),
    );
    const { Version: version = '', Architecture: architecture = '', Depends = '' } = fields;
    const make = (depends: string): Promise<string> =>
      makeBinaryPackage(
        {
          ...{ name: 'patch', version, architecture },
          fields: { ...fields, Depends: depends },
          files: { '/usr/share/doc/patch/own': 'own' },
        },
        place.scratch,
      );
    const resolve = (own: string): Promise<ResolveDocument> =>
      pasekaJson(['resolve', ...engine.from, '--with', own, '--why', plain], 0, place);
    const alike = await make(Depends);
    const resolved = await resolve(alike);
    expect(resolved.decidedBy).toBe('paseka');
    expect(chosen(resolved)).toEqual(['hive-data 1.0', `patch ${version} local`]);
    expect(resolved.packages[1]?.why).toBe(`given in the place of the base's ${version}`);
    const { document } = await rebuild([...engine.from, '--with', alike, plain, conflicting], 0, place);
    for (const name of ['plain', 'conflicting']) expect(taskOf(document, name).outcome).toBe('built');
    for (const asked of [
      [plain, '--with', alike],
      ['--package', alike],
    ]) {
      const compared = await pasekaJson(['layer', 'compare', ...engine.from, ...asked], 0, place);
      expect(compared).toMatchObject({ equal: true, made: 'linked' });
    }
    const needsMore = await resolve(await make(`${Depends}, hive-tool`));
    expect(chosen(needsMore)).toEqual(['hive-data 1.0', 'hive-tool 1.0', `patch ${version} local`]);
  });

  test('--why: the way to each package; without it, none', async () => {
    await using place = await makePlace(engine);
    const resolve = (...words: string[]): Promise<ResolveDocument> =>
      pasekaJson(['resolve', ...engine.from, ...words], 0, place);
    expect((await resolve('alpha', '--why')).packages).toEqual([
      {
        name: 'hive-data',
        version: '1.0',
        architecture: 'all',
        why: 'hive-tool: Depends hive-data (>= 1.0)',
      },
      { name: 'hive-tool', version: '1.0', architecture: 'all', why: 'the source: Build-Depends hive-tool' },
    ]);
    expect((await resolve('alpha')).packages[0]).not.toHaveProperty('why');
    expect((await resolve('--package', 'hive-data=0.9', '--why')).packages).toEqual([
      {
        name: 'hive-data',
        version: '0.9',
        architecture: 'all',
        why: 'the request: asked for hive-data (= 0.9)',
      },
    ]);
  });

  test('--package takes files, and says what contradicts itself', async () => {
    await using place = await makePlace(engine);
    const bee = await makeBinaryPackage(
      { name: 'bee', fields: { Depends: 'hive-data (<< 1), wasp | hornet' } },
      place.scratch,
    );
    const wasp = await makeBinaryPackage({ name: 'wasp', fields: { Conflicts: 'bee' } }, place.scratch);
    const resolve = (status: number, ...words: string[]): Promise<ResolveDocument> =>
      pasekaJson(['resolve', ...engine.from, '--package', bee, ...words], status, place);
    expect(await resolve(1)).toEqual({
      packages: [],
      unsatisfiable: 'bee 1.0 needs hive-data (<< 1)\n  but hive-data would be 1.0, not 0.9',
      decidedBy: 'paseka',
    });
    const hornet = await makeBinaryPackage({ name: 'hornet' }, place.scratch);
    const old = await makeBinaryPackage({ name: 'hive-data', version: '0.8' }, place.scratch);
    expect(chosen(await resolve(0, '--with', old, '--with', hornet))).toEqual([
      'bee 1.0 local',
      'hive-data 0.8 local',
      'hornet 1.0 local',
    ]);
    const contradiction = await resolve(1, '--with', old, '--with', wasp);
    expect(contradiction).toMatchObject({ packages: [], decidedBy: 'apt' });
    expect(contradiction.unsatisfiable?.split('\n')).toEqual([
      'bee 1.0 needs wasp | hornet',
      'wasp 1.0 excludes bee, which is bee 1.0',
    ]);
  });

  test('rebuild builds and install-checks with them, and counts what apt decided', async () => {
    await using place = await makePlace(engine);
    const own = await directoryOf(
      place,
      { name: 'hive-data', version: '3.0' },
      { name: 'patch', version: '99' },
    );
    const seen = await place.source({
      name: 'seen',
      files: { 'debian/postinst': '#!/bin/sh\n[ "$(dpkg-query -Wf\\${Version} hive-data)" = 3.0 ]\n' },
      buildDepends: 'hive-tool',
      binaries: { seen: { Depends: 'hive-data' } },
      fields: { 'Build-Conflicts': 'fakeroot', 'Rules-Requires-Root': 'no' },
      rules: `#!/usr/bin/make -f
%:
	@true
binary:
	dpkg-query -W -f '$\${Package}=$\${Version};' hive-data patch
	mkdir -p debian/tmp/DEBIAN
	install -m755 debian/postinst debian/tmp/DEBIAN/postinst
	dpkg-gencontrol -pseen -Pdebian/tmp
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
    });
    const { document, stderr } = await rebuild([...engine.from, '--with', own, seen, 'gamma'], 0, place);
    const task = taskOf(document, 'seen');
    expect(readFileSync(task.log ?? '', 'utf8')).toContain('hive-data=3.0;patch=99;');
    expect(task).toMatchObject({
      decidedBy: 'apt',
      installChecks: [{ outcome: 'passed', decidedBy: 'paseka' }],
    });
    expect(taskOf(document, 'gamma').decidedBy).toBe('paseka');
    expect(document.totals).toMatchObject({ resolved: 4, decidedByApt: 1 });
    expect(stderr).toContain("preferred to the repository's: patch 99, hive-data 3.0");
  });

  test('what is no package, or not for this architecture, is refused with a hint', async () => {
    await using place = await makePlace(engine);
    const refused = async (verb: string, ...paths: readonly string[]): Promise<ErrorDocument['error']> => {
      const words = [verb, ...engine.from, 'alpha', ...paths.flatMap((path) => ['--with', path])];
      const { error } = await pasekaJson<ErrorDocument>(words, 2, place);
      expect(error.code).toBe('bad-binary-package');
      expect(error.hint).not.toBe('');
      return error;
    };
    const text = join(place.scratch, 'text.deb');
    writeFileSync(text, 'no package\n');
    const empty = join(place.scratch, 'empty');
    mkdirSync(empty);
    for (const verb of ['resolve', 'rebuild']) {
      expect((await refused(verb, text)).message).toContain('text.deb: not a binary package');
      expect((await refused(verb, join(place.scratch, 'absent.deb'))).message).toContain('no such file');
      expect((await refused(verb, empty)).message).toContain('there are no .deb files in this directory');
    }
    const foreign = await makeBinaryPackage({ name: 'far', architecture: 's390x' }, place.scratch);
    expect((await refused('resolve', foreign)).message).toContain('a package for s390x');
    mkdirSync(join(place.scratch, 'foreign'));
    renameSync(foreign, join(place.scratch, 'foreign/far.deb'));
    expect((await refused('resolve', join(place.scratch, 'foreign'))).message).toContain('no packages for');
    const one = await makeBinaryPackage({ name: 'twin' }, place.scratch);
    renameSync(one, join(place.scratch, 'one.deb'));
    const two = await makeBinaryPackage({ name: 'twin', fields: { Section: 'misc' } }, place.scratch);
    expect((await refused('resolve', join(place.scratch, 'one.deb'), two)).message).toContain(
      'are both twin 1.0, but differ',
    );
  });
});
