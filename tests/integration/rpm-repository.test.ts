// SPDX-License-Identifier: GPL-2.0-or-later
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { isPasekaError, type PasekaError } from '../../src/base/paseka-error.ts';
import { packagesDemand } from '../../src/distro/rpm/demands.ts';
import { readFrozenDirectory } from '../../src/distro/rpm/frozen-directory.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import { RpmResolver } from '../../src/distro/rpm/rpm-resolver.ts';
import { solveBase } from '../../src/distro/rpm/solve-base.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { freezeMade, type MadeRepository } from '../support/rpm/freeze-made.ts';
import { type MadePackage, madeChecksum, writeMadeRepository } from '../support/rpm/made-metadata.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

const hive: readonly MadePackage[] = [
  { name: 'honey', evr: '2:1.5-3', requires: ['comb >= 2', '/usr/bin/smoke'], files: ['/usr/share/honey'] },
  { name: 'comb', evr: '2.0-1', arch: 'x86_64', provides: ['wax(cell)'] },
  { name: 'comb', evr: '1.0-1', arch: 'x86_64' },
  { name: 'smoker', files: ['/usr/bin/smoke'], recommends: ['hat'] },
  { name: 'hat' },
  { name: 'honey', evr: '2:1.5-3', arch: 'src', requires: ['comb', 'pkgconfig(bees)'] },
  { name: 'candle', evr: '1-1', arch: 'src', requires: ['wax(cell)', '(hat or veil)'] },
];

let scratch: TemporaryDirectory;
let keys: TemporaryDirectory;
let key: SigningKey;
let server: LoopbackServer;
let counter = 0;

beforeAll(async () => {
  keys = await makeTemporaryDirectory('keys-');
  key = await makeSigningKey(join(keys.path, 'gpg'));
});
afterAll(async () => {
  await key[Symbol.asyncDispose]();
  await keys[Symbol.asyncDispose]();
});
beforeEach(async () => {
  scratch = await makeTemporaryDirectory('rpm-');
  server = await startLoopbackServer(scratch.path);
  await writeMadeRepository(join(scratch.path, 'hive'), hive);
  await sign('hive');
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

async function sign(name: string, by: SigningKey = key): Promise<void> {
  const repomd = join(scratch.path, name, 'repodata/repomd.xml');
  await by.detachSign(repomd, `${repomd}.asc`);
}

function signed(uri: string): MadeRepository {
  return { uri, suite: 'hive', signedBy: join(keys.path, 'gpg/public.asc') };
}

const freeze = (...repositories: MadeRepository[]): Promise<string> =>
  freezeMade(repositories, join(scratch.path, `frozen-${++counter}`));

async function refused(...repositories: MadeRepository[]): Promise<PasekaError> {
  const error: unknown = await freeze(...repositories).catch((reason: unknown) => reason);
  if (!isPasekaError(error)) throw error;
  return error;
}

test('a signed repository becomes a catalog of its packages and sources', async () => {
  const frozen = await freeze(signed(`${server.uri}/hive`));
  expect(await readFrozenDirectory(frozen)).toMatchObject({
    architecture: 'x86_64',
    repositories: [
      { name: 'hive', uri: `${server.uri}/hive/`, signed: true, date: '2023-11-14T22:13:20.000Z' },
    ],
  });
  const catalog = await rpm.openCatalog(frozen);
  expect([...catalog.packageNames()].sort()).toEqual(['comb', 'hat', 'honey', 'smoker']);
  expect([...catalog.sourceNames()].sort()).toEqual(['candle', 'honey']);
  expect(catalog.findPackage('comb', '2.0-1', 'x86_64')).toEqual({
    name: 'comb',
    version: '2.0-1',
    architecture: 'x86_64',
    fileName: 'comb-2.0-1.x86_64.rpm',
    url: `${server.uri}/hive/Packages/comb-2.0-1.x86_64.rpm`,
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
        url: `${server.uri}/hive/Packages/honey-1.5-3.src.rpm`,
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
  const catalog = await rpm.openCatalog(await freeze(signed(`${server.uri}/hive`)));
  const needs = (name: string, depth = 1): readonly string[] | undefined =>
    catalog.sourcesThatNeed(name, { architecture: 'x86_64', profiles: [], depth });
  expect(needs('comb')).toEqual(['candle', 'honey']);
  expect(needs('hat')).toEqual(['candle']);
  expect(needs('wax(cell)')).toEqual(['candle']);
  expect(needs('src:honey')).toEqual([]);
  expect(needs('queen')).toBeUndefined();
});

test('the id is that of the content, wherever it was fetched', async () => {
  const idOf = async (frozen: string): Promise<string> => (await readFrozenDirectory(frozen)).id;
  const id = await idOf(await freeze(signed(`${server.uri}/hive`)));
  expect(await idOf(await freeze(signed(`${server.uri}/hive/`)))).toBe(id);
  await writeMadeRepository(join(scratch.path, 'hive'), hive.slice(1));
  await sign('hive');
  expect(await idOf(await freeze(signed(`${server.uri}/hive`)))).not.toBe(id);
});

test('an answer says what is installed and why', async () => {
  const resolver = await RpmResolver.open(await freeze(signed(`${server.uri}/hive`)), undefined);
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
  const frozen = await freeze(signed(`${server.uri}/hive`));
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
  await writeMadeRepository(join(scratch.path, 'hive'), [
    { name: 'honey', requires: ['libwax.so.1()(64bit) = set:jd7ZcBp1', 'libwax.so.1()(64bit) >= set:j'] },
    { name: 'wax', provides: ['libwax.so.1()(64bit) = set:kc0kZ51'] },
    { name: 'comb', requires: ['libtar.so.2 = set:a'], obsoletes: ['honey < 0.1'] },
  ]);
  const catalog = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
  const found = await rpm.checkArchive({ catalog, architecture: 'x86_64', overlay: [], profiles: [] });
  expect(found.uninstallable.map(({ why }) => why)).toEqual([
    'comb-1-1.noarch needs libtar.so.2, which nothing provides',
  ]);
});

test('what can’t be had is explained', async () => {
  await writeMadeRepository(join(scratch.path, 'hive'), [
    { name: 'honey', requires: ['comb'] },
    { name: 'comb', requires: ['wax >= 2'] },
    { name: 'wax', evr: '1-1' },
    { name: 'bee', requires: ['nectar'], conflicts: ['nectar'] },
    { name: 'nectar' },
  ]);
  const catalog = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
  const found = await rpm.checkArchive({ catalog, architecture: 'x86_64', overlay: [], profiles: [] });
  expect(found.uninstallable.map((one) => `${one.package}: ${one.why}`)).toEqual([
    'bee: bee-1-1.noarch needs nectar, of which nothing can be installed\npackage bee-1-1.noarch conflicts with nectar provided by nectar-1-1.noarch',
    'comb: comb-1-1.noarch needs wax >= 2, which nothing provides (there is wax-1-1.noarch)',
    'honey: honey-1-1.noarch needs comb, of which nothing can be installed\ncomb-1-1.noarch needs wax >= 2, which nothing provides (there is wax-1-1.noarch)',
  ]);
  expect(found.unsatisfiable).toEqual([]);
});

test('sources that can’t be built, and what a change breaks', async () => {
  const before = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
  await writeMadeRepository(
    join(scratch.path, 'hive'),
    hive.map((one) => (one.evr === '2.0-1' ? { name: 'comb', evr: '2.1-1', arch: 'x86_64' } : one)),
  );
  const after = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
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
  const before = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
  const dependencies = [
    ...['(hat and nowhere)', '(hat and comb >= 2 and smoker)', '(nowhere or (hat and comb < 1))'],
    ...['(nowhere or hat)', '((hat or nowhere) and comb >= 9)', '(hat if nowhere)', '(nowhere if hat)'],
  ];
  await writeMadeRepository(join(scratch.path, 'hive'), [
    ...hive,
    ...dependencies.map((one, index) => ({ name: `keeper-${index}`, requires: [one] })),
  ]);
  const after = await rpm.openCatalog(await freeze({ uri: `${server.uri}/hive`, suite: 'hive' }));
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
  await writeMadeRepository(join(scratch.path, 'old'), [
    { name: 'comb', evr: '1.5-1' },
    { name: 'candle', evr: '0.5-1', arch: 'src', requires: ['smoker'] },
  ]);
  await writeMadeRepository(join(scratch.path, 'twin'), [{ name: 'hat', content: 'of straw' }]);
  const old = { uri: `${server.uri}/old`, suite: 'old', priority: 1 };
  const lines: string[] = [];
  const frozen = await freezeMade(
    [{ uri: `${server.uri}/hive`, suite: 'hive' }, old, { uri: `${server.uri}/twin`, suite: 'twin' }],
    join(scratch.path, 'frozen'),
    (line) => lines.push(line),
  );
  const catalog = await rpm.openCatalog(frozen);
  const oldest = { version: '0.5-1', files: [{ url: `${server.uri}/old/Packages/candle-0.5-1.src.rpm` }] };
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
    `${server.uri}/hive/Packages/hat-1-1.noarch.rpm`,
    `${server.uri}/old/Packages/comb-1.5-1.noarch.rpm`,
  ]);
});

test('a signature that is missing, of another, or of something else is refused', async () => {
  const uri = `${server.uri}/hive`;
  expect(await refused({ uri, suite: 'hive', trusted: false })).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringContaining('no key is named') as string,
  });
  await writeFile(join(scratch.path, 'hive/repodata/repomd.xml'), ' ', { flag: 'a' });
  expect(await refused(signed(uri))).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringMatching(/BAD signature/i) as string,
  });
  await using others = await makeTemporaryDirectory('keys-');
  await using other = await makeSigningKey(join(others.path, 'gpg'));
  await sign('hive', other);
  expect(await refused(signed(uri))).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringMatching(/No public key/i) as string,
  });
  server.misbehave(/repomd\.xml\.asc$/, { kind: 'status', status: 404 });
  expect(await refused(signed(uri))).toMatchObject({ code: 'signature-invalid' });
});

test('an index without signature does where the packages are signed, and their keys are kept', async () => {
  server.misbehave(/repomd\.xml\.asc$/, { kind: 'status', status: 404 });
  const frozen = await freeze({ ...signed(`${server.uri}/hive`), signatureOf: 'packages' });
  const [repository] = (await readFrozenDirectory(frozen)).repositories;
  const name = `keyrings/1-${sha256(await readFile(key.keyring))}.key`;
  expect(repository).toMatchObject({ signed: false, packageKeys: [name] });
  expect(await readFile(join(frozen, name), 'utf8')).toBe(key.publicKey);
});

test('keys are taken from files, and not from anybody’s http', async () => {
  const uri = `${server.uri}/hive`;
  await writeFile(join(scratch.path, 'empty.asc'), '');
  expect(await refused({ uri, suite: 'hive', signedBy: `${server.uri}/key.asc` })).toMatchObject({
    code: 'bad-source-list',
    message: expect.stringContaining('over http') as string,
  });
  for (const signedBy of [join(scratch.path, 'empty.asc'), join(scratch.path, 'absent.asc')]) {
    expect(await refused({ uri, suite: 'hive', signedBy })).toMatchObject({ code: 'bad-source-list' });
  }
});

test('a broken repomd, a wrong checksum, a missing index and no repository are told apart', async () => {
  const repository = { uri: `${server.uri}/hive`, suite: 'hive' };
  expect(await refused({ ...repository, uri: `${server.uri}/nowhere` })).toMatchObject({
    code: 'no-repositories',
  });
  server.misbehave(/repomd\.xml$/, { kind: 'other-content', body: '<repomd><data' });
  expect(await refused(repository)).toMatchObject({ code: 'index-corrupt' });
  server.behave();
  server.misbehave(/primary\.xml\.gz$/, { kind: 'other-content', body: 'x' });
  expect(await refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  server.behave();
  server.misbehave(/filelists\.xml\.gz$/, { kind: 'status', status: 404 });
  expect(await refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  server.behave();
  await server.stop();
  expect(await refused(repository)).toMatchObject({ code: 'mirror-unreachable' });
});

test('an index that is no XML, and packages without a SHA-256, are refused', async () => {
  const repository = { uri: `file://${join(scratch.path, 'hive')}`, suite: 'hive' };
  await writeMadeRepository(join(scratch.path, 'hive'), hive, {
    primary: (xml) => xml.slice(0, xml.length / 2),
  });
  expect(await refused(repository)).toMatchObject({ code: 'index-corrupt' });
  await writeMadeRepository(join(scratch.path, 'hive'), hive, { checksumOfPackages: 'sha512' });
  const catalog = await rpm.openCatalog(await freeze(repository));
  expect(() => catalog.findPackage('hat', '1-1', 'noarch')).toThrow('no SHA-256 of hat-1-1.noarch');
});

test.each(['gz', 'zst', 'xz', 'bz2', ''] as const)('an index in the form %j', async (packing) => {
  await writeMadeRepository(join(scratch.path, 'packed'), hive, { packing });
  const frozen = await freeze({ uri: `${server.uri}/packed`, suite: 'packed', trusted: true });
  const catalog = await rpm.openCatalog(frozen);
  expect(catalog.findPackage('honey', '2:1.5-3', 'noarch')).toBeDefined();
  const resolver = await RpmResolver.open(frozen, undefined);
  const demand = packagesDemand(resolver, { names: ['/usr/bin/smoke'], local: [] });
  if ('unknown' in demand) throw new Error(demand.unknown);
  expect(resolver.answer(demand, false)).toMatchObject({ packages: [{ name: 'smoker' }] });
});

test('of a list of mirrors the first one that answers is taken', async () => {
  const gone = await startLoopbackServer(scratch.path);
  await gone.stop();
  await writeFile(
    join(scratch.path, 'mirrors'),
    [`${gone.uri}/hive/`, `${server.uri}/nowhere/`, `${server.uri}/hive/`, ''].join('\n'),
  );
  const repository = { uri: `mirrorlist+${server.uri}/mirrors`, suite: 'hive', trusted: true } as const;
  expect((await readFrozenDirectory(await freeze(repository))).repositories[0]?.uri).toBe(
    `${server.uri}/hive/`,
  );
  await writeFile(join(scratch.path, 'mirrors'), `${server.uri}/nowhere/\n`);
  expect(await refused(repository)).toMatchObject({ code: 'no-repositories' });
});

test('a metalink is followed, and allows only what it knows', async () => {
  const repomd = await readFile(join(scratch.path, 'hive/repodata/repomd.xml'));
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(repomd).digest('hex');
  const metalink = (hash: string): string =>
    `<metalink><files><file name="repomd.xml"><verification><hash type="sha256">${hash}</hash></verification>
<resources><url preference="1">${server.uri}/hive/repodata/repomd.xml</url></resources></file></files></metalink>`;
  const path = join(scratch.path, 'metalink');
  const repository = { uri: `metalink+${server.uri}/metalink?arch=$basearch`, suite: 'hive' };
  await writeFile(path, metalink(digest));
  expect((await readFrozenDirectory(await freeze(repository))).repositories[0]?.uri).toBe(
    `${server.uri}/hive/`,
  );
  await writeFile(path, metalink('0'.repeat(64)));
  expect(await refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  await writeFile(path, '<metalink/>');
  expect(await refused(repository)).toMatchObject({ code: 'bad-source-list' });
});
