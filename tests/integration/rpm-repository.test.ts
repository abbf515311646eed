// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { packagesDemand } from '../../src/distro/rpm/demands.ts';
import { readFrozenDirectory } from '../../src/distro/rpm/frozen-directory.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import { RpmResolver } from '../../src/distro/rpm/rpm-resolver.ts';
import { solveBase } from '../../src/distro/rpm/solve-base.ts';
import { freezeMade } from '../support/rpm/freeze-made.ts';
import { HiveRepository, hive } from '../support/rpm/hive-repository.ts';
import { madeChecksum, writeMadeRepository } from '../support/rpm/made-metadata.ts';

const served = new HiveRepository();

test('a signed repository becomes a catalog of its packages and sources', async () => {
  const frozen = await served.freeze(served.signed());
  expect(await readFrozenDirectory(frozen)).toMatchObject({
    architecture: 'x86_64',
    repositories: [{ name: 'hive', uri: `${served.uri}/`, signed: true, date: '2023-11-14T22:13:20.000Z' }],
  });
  const catalog = await rpm.openCatalog(frozen);
  expect([...catalog.packageNames()].sort()).toEqual(['comb', 'hat', 'honey', 'smoker']);
  expect([...catalog.sourceNames()].sort()).toEqual(['candle', 'honey']);
  expect(catalog.findPackage('comb', '2.0-1', 'x86_64')).toEqual({
    name: 'comb',
    version: '2.0-1',
    architecture: 'x86_64',
    fileName: 'comb-2.0-1.x86_64.rpm',
    url: `${served.uri}/Packages/comb-2.0-1.x86_64.rpm`,
    bytes: 1000,
    sha256: madeChecksum({ name: 'comb', evr: '2.0-1', arch: 'x86_64' }),
  });
  expect(catalog.findPackage('comb', '3.0-1', 'x86_64')).toBeUndefined();
  expect(catalog.findSource('honey')).toEqual({
    kind: 'repository',
    name: 'honey',
    version: '2:1.5-3',
    files: [
      {
        fileName: 'honey-1.5-3.src.rpm',
        url: `${served.uri}/Packages/honey-1.5-3.src.rpm`,
        bytes: 1000,
        sha256: madeChecksum({ name: 'honey', evr: '2:1.5-3', arch: 'src' }),
      },
    ],
  });
  expect(catalog.countBuildRelations('candle', '1-1')).toBe(2);
  expect([...catalog.sources()][0]).toEqual({
    name: 'candle',
    version: '1-1',
    section: 'Tools',
    maintainers: ['The hive <hive@example.org>'],
    isBuiltHere: true,
  });
});

test('who needs a package to be built: by its name, what it provides, and further', async () => {
  const catalog = await rpm.openCatalog(await served.freeze(served.signed()));
  const needs = (name: string, depth = 1): readonly string[] | undefined =>
    catalog.sourcesThatNeed(name, { architecture: 'x86_64', profiles: [], depth });
  expect(needs('comb')).toEqual(['candle', 'honey']);
  expect(needs('hat')).toEqual(['candle']);
  expect(needs('wax(cell)')).toEqual(['candle']);
  expect(needs('src:honey')).toEqual([]);
  expect(needs('queen')).toBeUndefined();
});

test('an answer says what is installed and why', async () => {
  const resolver = await RpmResolver.open(await served.freeze(served.signed()), undefined);
  const demand = packagesDemand(resolver, { names: ['honey'], local: [] });
  if ('unknown' in demand) throw new Error(demand.unknown);
  const answer = resolver.answer(demand, true);
  if (answer.kind !== 'resolved') throw new Error(answer.explanation);
  expect(answer.packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
    'comb 2.0-1',
    'honey 2:1.5-3',
    'smoker 1-1',
  ]);
  expect(answer.packages.at(-1)?.name).toBe('honey');
  expect(Object.fromEntries(answer.reasons ?? [])).toEqual({
    honey: 'the request: asked for',
    comb: 'honey: Requires comb >= 2',
    smoker: 'honey: Requires /usr/bin/smoke',
  });
});

test('what a root is made of where nothing is installed', async () => {
  const frozen = await served.freeze(served.signed());
  const files = await solveBase(frozen, ['honey', 'wax(cell)']);
  expect(files.map(({ fileName }) => fileName).sort()).toEqual([
    'comb-2.0-1.x86_64.rpm',
    'honey-1.5-3.noarch.rpm',
    'smoker-1-1.noarch.rpm',
  ]);
  await expect(solveBase(frozen, ['queen'])).rejects.toMatchObject({ code: 'unknown-package' });
  await expect(solveBase(frozen, ['honey', 'comb < 2'])).rejects.toMatchObject({ code: 'base-failed' });
});

test('sets of symbols are met by the name, whichever they are', async () => {
  await writeMadeRepository(served.at('hive'), [
    { name: 'honey', requires: ['libwax.so.1()(64bit) = set:jd7ZcBp1', 'libwax.so.1()(64bit) >= set:j'] },
    { name: 'wax', provides: ['libwax.so.1()(64bit) = set:kc0kZ51'] },
    { name: 'comb', requires: ['libtar.so.2 = set:a'], obsoletes: ['honey < 0.1'] },
  ]);
  const catalog = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  const found = await rpm.checkArchive({ catalog, architecture: 'x86_64', overlay: [], profiles: [] });
  expect(found.uninstallable.map(({ why }) => why)).toEqual([
    'comb-1-1.noarch needs libtar.so.2, which nothing provides',
  ]);
});

test('what can’t be had is explained', async () => {
  await writeMadeRepository(served.at('hive'), [
    { name: 'honey', requires: ['comb'] },
    { name: 'comb', requires: ['wax >= 2'] },
    { name: 'wax', evr: '1-1' },
    { name: 'bee', requires: ['nectar'], conflicts: ['nectar'] },
    { name: 'nectar' },
  ]);
  const catalog = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  const found = await rpm.checkArchive({ catalog, architecture: 'x86_64', overlay: [], profiles: [] });
  expect(found.uninstallable.map((one) => `${one.package}: ${one.why}`)).toEqual([
    'bee: bee-1-1.noarch needs nectar, of which nothing can be installed\npackage bee-1-1.noarch conflicts with nectar provided by nectar-1-1.noarch',
    'comb: comb-1-1.noarch needs wax >= 2, which nothing provides (there is wax-1-1.noarch)',
    'honey: honey-1-1.noarch needs comb, of which nothing can be installed\ncomb-1-1.noarch needs wax >= 2, which nothing provides (there is wax-1-1.noarch)',
  ]);
  expect(found.unsatisfiable).toEqual([]);
});

test('sources that can’t be built, and what a change breaks', async () => {
  const before = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  await writeMadeRepository(
    served.at('hive'),
    hive.map((one) => (one.evr === '2.0-1' ? { name: 'comb', evr: '2.1-1', arch: 'x86_64' } : one)),
  );
  const after = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  const state = { architecture: 'x86_64', overlay: [], profiles: [] };
  const found = await rpm.checkArchive({ ...state, catalog: before });
  expect(found.uninstallable).toEqual([]);
  expect(found.unsatisfiable).toEqual([
    {
      source: 'honey',
      version: '2:1.5-3',
      why: 'the source needs pkgconfig(bees), which nothing provides',
    },
  ]);
  const compared = await rpm.compareArchives({
    before: { ...state, catalog: before },
    after: { ...state, catalog: after },
    profiles: [],
  });
  expect(compared.unsatisfiable.map(({ source }) => source)).toEqual(['candle']);
  expect(compared.uninstallable).toEqual([]);
});

test('of a rich dependency, what is unmet is what nothing of it meets', async () => {
  const before = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  const dependencies = [
    ...['(hat and nowhere)', '(hat and comb >= 2 and smoker)', '(nowhere or (hat and comb < 1))'],
    ...['(nowhere or hat)', '((hat or nowhere) and comb >= 9)', '(hat if nowhere)', '(nowhere if hat)'],
  ];
  await writeMadeRepository(served.at('hive'), [
    ...hive,
    ...dependencies.map((one, index) => ({ name: `keeper-${index}`, requires: [one] })),
  ]);
  const after = await rpm.openCatalog(await served.freeze({ uri: served.uri, suite: 'hive' }));
  const state = { architecture: 'x86_64', overlay: [], profiles: [] };
  const compared = await rpm.compareArchives({
    before: { ...state, catalog: before },
    after: { ...state, catalog: after },
    profiles: [],
  });
  expect(compared.unmet.map(({ dependency, why }) => [dependency, why])).toEqual([
    ['(hat and nowhere)', 'nothing provides nowhere'],
    [
      '(nowhere or (hat and comb < 1))',
      expect.stringMatching(/^nothing provides \(nowhere or \(hat and comb < 1\)\) \(there is /),
    ],
    [
      '((hat or nowhere) and comb >= 9)',
      expect.stringMatching(/^nothing provides comb >= 9 \(there is comb-2/),
    ],
  ]);
  expect(compared.uninstallable.map(({ package: name }) => name)).toEqual([
    'keeper-0',
    'keeper-2',
    'keeper-4',
  ]);
});

test('priorities come before versions, and the first repository before the next', async () => {
  await writeMadeRepository(served.at('old'), [
    { name: 'comb', evr: '1.5-1' },
    { name: 'candle', evr: '0.5-1', arch: 'src', requires: ['smoker'] },
  ]);
  await writeMadeRepository(served.at('twin'), [{ name: 'hat', content: 'of straw' }]);
  const old = { uri: `${served.server.uri}/old`, suite: 'old', priority: 1 };
  const lines: string[] = [];
  const frozen = await freezeMade(
    [{ uri: served.uri, suite: 'hive' }, old, { uri: `${served.server.uri}/twin`, suite: 'twin' }],
    served.at('frozen'),
    (line) => lines.push(line),
  );
  const catalog = await rpm.openCatalog(frozen);
  const oldest = {
    version: '0.5-1',
    files: [{ url: `${served.server.uri}/old/Packages/candle-0.5-1.src.rpm` }],
  };
  expect(catalog.findSource('candle')).toMatchObject(oldest);
  expect(catalog.findSource('candle', '1-1')).toMatchObject({ version: '1-1' });
  expect([...catalog.sources()].map(({ name, version }) => [name, version])).toEqual([
    ['candle', '0.5-1'],
    ['honey', '2:1.5-3'],
  ]);
  const asked = { architecture: 'x86_64', profiles: [], depth: 1 };
  expect(catalog.sourcesThatNeed('smoker', asked)).toEqual(['candle']);
  expect(catalog.sourcesThatNeed('hat', asked)).toEqual([]);
  expect(lines.at(-1)).toBe('hive and twin have different files of hat-1-1.noarch: that of hive is taken');
  const resolver = await RpmResolver.open(frozen, undefined);
  const demand = packagesDemand(resolver, { names: ['comb', 'hat'], local: [] });
  if ('unknown' in demand) throw new Error(demand.unknown);
  const answer = resolver.answer(demand, false);
  if (answer.kind !== 'resolved') throw new Error(answer.explanation);
  expect(answer.packages.map((one) => ('url' in one ? one.url : one.path)).sort()).toEqual([
    `${served.uri}/Packages/hat-1-1.noarch.rpm`,
    `${served.server.uri}/old/Packages/comb-1.5-1.noarch.rpm`,
  ]);
});
