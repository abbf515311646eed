// SPDX-License-Identifier: GPL-2.0-or-later
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { packagesDemand } from '../../src/distro/rpm/demands.ts';
import { readFrozenDirectory } from '../../src/distro/rpm/frozen-directory.ts';
import { makeAptRpmRepository } from '../../src/distro/rpm/make-apt-rpm-repository.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import type { RpmCatalog } from '../../src/distro/rpm/rpm-catalog.ts';
import { RpmResolver } from '../../src/distro/rpm/rpm-resolver.ts';
import { Downloader } from '../../src/host/download.ts';
import { plainDownloadSettings } from '../../src/host/download-settings.ts';
import { Pool } from '../../src/store/pool.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { pasekaJson } from '../support/paseka.ts';
import { type BuiltRpms, buildRpms } from '../support/rpm/build-rpm.ts';
import { runTool } from '../support/run-tool.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';
import { makeTestState } from '../support/test-state.ts';

const part = (name: string, more: string, files = ''): string =>
  `%package -n ${name}\nSummary: ${name}\n${more}\n%description -n ${name}\n${name}\n%files -n ${name}\n${files}\n`;

const spec = `
Name: hive
Epoch: 2
Version: 1.5
Release: alt3
Summary: a hive & <more>
Summary(ru_RU.UTF-8): улей
License: GPL
Group: System/Base
Packager: Bee <bee@example.org>
BuildArch: noarch
ExcludeArch: s390x
BuildRequires: wax >= 2:1, /usr/bin/smoke
%description
A hive.
%install
mkdir -p %{buildroot}/usr/bin
echo > %{buildroot}/usr/bin/smoke
${part('honey', 'Requires: comb = 2:1.5-alt3\nRequires(pre): /usr/bin/smoke\nConflicts: wasp < 3')}
${part('wax', 'Provides: comb = 2:1.5-alt3')}
${part('smoker', 'Obsoletes: pipe < 2', '/usr/bin/smoke')}
${part('stale', 'Requires: honey < 1:9')}
`;

let place: TemporaryDirectory;
let key: SigningKey;
let server: LoopbackServer;
let built: BuiltRpms;
let counter = 0;

const path = (name: string): string => join(place.path, name);

beforeAll(async () => {
  place = await makeTemporaryDirectory('apt-rpm-');
  key = await makeSigningKey(path('gpg'));
  built = await buildRpms(path('.'), spec);
}, 60_000);
afterAll(async () => {
  await key[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await rm(path('repo'), { recursive: true, force: true });
  await mkdir(path('repo'));
  const placed = (paths: readonly string[]): { fileName: string; path: string }[] =>
    paths.map((one) => ({ fileName: basename(one), path: one }));
  await makeAptRpmRepository({
    directory: path('repo'),
    suite: 'comb',
    architecture: 'x86_64',
    description: 'what a test made',
    packages: placed(built.binaries),
    sources: placed([built.source]),
  });
  server = await startLoopbackServer(path('repo'));
});
afterEach(() => server[Symbol.asyncDispose]());

const base = (name: string): string => path(`repo/x86_64/base/${name}`);

/** Signs the release file as genbasedir does. */
async function sign(by = key): Promise<void> {
  await by.detachSign(base('release'), path('signature'));
  await appendFile(base('release'), await readFile(path('signature')));
}

/** Freezes what a sources.list with these lines names. */
async function freeze(lines: string, keyring?: string, architecture = 'x86_64'): Promise<string> {
  await writeFile(path('sources.list'), lines);
  const wanted = { sources: path('sources.list'), ...(keyring === undefined ? {} : { keyring }) };
  expect(await rpm.isMeant(wanted)).toBe(true);
  const directory = path(`frozen-${++counter}`);
  await mkdir(directory);
  const { repositories } = await rpm.findRepositories(wanted);
  await rpm.freeze({ repositories, architecture }, directory);
  return directory;
}

const open = async (...words: Parameters<typeof freeze>): Promise<RpmCatalog> =>
  await rpm.openCatalog(await freeze(...words));

const line = (): string => `rpm ${server.uri} x86_64 paseka\n`;
const vendorLine = (): string => `rpm [bees] ${server.uri} x86_64 paseka\n`;

async function refused(...words: Parameters<typeof freeze>): Promise<unknown> {
  return await freeze(...words).catch((error: unknown) => error);
}
const problem = (code: string, message: string | RegExp): object =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as object;

test('the lists of a signed repository become a catalog of its packages and sources', async () => {
  await sign();
  const catalog = await open(vendorLine(), path('gpg/public.asc'));
  expect((await readFrozenDirectory(catalog.frozenDirectory)).repositories).toMatchObject([
    {
      name: 'x86_64',
      uri: `${server.uri}/x86_64/`,
      components: ['paseka'],
      signed: true,
      packageDigest: 'md5',
      origin: 'paseka',
    },
  ]);
  expect([...catalog.packageNames()].sort()).toEqual(['honey', 'smoker', 'stale', 'wax']);
  expect(catalog.findPackage('wax', '2:1.5-alt3', 'noarch')).toMatchObject({
    fileName: 'wax-1.5-alt3.noarch.rpm',
    url: `${server.uri}/x86_64/RPMS.paseka/wax-1.5-alt3.noarch.rpm`,
    hashedBy: 'md5',
  });
  expect(catalog.findSource('hive')).toMatchObject({
    version: '2:1.5-alt3',
    files: [{ url: `${server.uri}/x86_64/SRPMS.paseka/hive-1.5-alt3.src.rpm` }],
  });
  expect([...catalog.sources()]).toMatchObject([
    { name: 'hive', section: 'System/Base', maintainers: ['Bee <bee@example.org>'], isBuiltHere: true },
  ]);
  expect(catalog.sourcesThatNeed('smoker', { architecture: 'x86_64', profiles: [], depth: 1 })).toEqual([
    'hive',
  ]);
  const found = await rpm.checkArchive({ catalog, architecture: 'x86_64', overlay: [], profiles: [] });
  expect(found.unsatisfiable).toEqual([]);
  expect(found.uninstallable.map((one) => one.why)).toEqual([
    'stale-2:1.5-alt3.noarch needs honey < 1:9, which nothing provides (there is honey-2:1.5-alt3.noarch)',
  ]);
});

test('a source is not built for an architecture that it excludes', async () => {
  const [hive] = (await open(line(), undefined, 's390x')).sources();
  expect(hive).toMatchObject({ name: 'hive', isBuiltHere: false });
  const alone = line().replace('rpm ', 'rpm-src '); // nothing there has what it needs
  const unsatisfiable = async (architecture: string): Promise<readonly string[]> => {
    const catalog = await open(alone, undefined, architecture);
    const found = await rpm.checkArchive({ catalog, architecture, overlay: [], profiles: [] });
    return found.unsatisfiable.map(({ source }) => source);
  };
  expect(await unsatisfiable('x86_64')).toEqual(['hive']);
  expect(await unsatisfiable('s390x')).toEqual([]);
});

test('dependencies are those of the packages themselves, as rpm-md has them', async () => {
  const resolver = await RpmResolver.open(await freeze(line()), undefined);
  const demand = packagesDemand(resolver, { names: ['honey'], local: [] });
  if ('unknown' in demand) throw new Error(demand.unknown);
  const answer = resolver.answer(demand, true);
  if (answer.kind !== 'resolved') throw new Error(answer.explanation);
  expect(answer.packages.map(({ name }) => name).sort()).toEqual(['honey', 'smoker', 'wax']);
  expect(answer.packages.at(-1)?.name).toBe('honey'); // what it needs before comes first
  expect(answer.reasons?.get('wax')).toBe('honey: Requires comb = 2:1.5-alt3');
});

test('packages are fetched by the digest that the list has, and what is another file is refused', async () => {
  await using state = await makeTestState();
  await using downloader = new Downloader(plainDownloadSettings);
  const pool = new Pool(state.state, downloader, { retryDelayMs: 1 });
  const catalog = await open(line());
  const wax = catalog.findPackage('wax', '2:1.5-alt3', 'noarch');
  const honey = catalog.findPackage('honey', '2:1.5-alt3', 'noarch');
  if (wax === undefined || honey === undefined) throw new Error('not there');
  expect(await pool.fetch(wax)).toEqual({ kind: 'present', path: pool.pathOf(wax.sha256) });
  const original = built.binaries.find((one) => basename(one) === wax.fileName) ?? '';
  expect(await readFile(pool.pathOf(wax.sha256))).toEqual(await readFile(original));
  server.misbehave(/honey/, { kind: 'other-content', body: 'x'.repeat(honey.bytes) });
  await expect(pool.fetch(honey)).rejects.toThrow('its md5 is another one');
});

test('every form of a list is taken, also a packed one that only its content vouches for', async () => {
  const whole = await readFile(base('release'), 'utf8');
  for (const form of [/\.(xz|bz2)$/, /\.bz2$/, /pkglist\.paseka$|\.xz$/]) {
    const lines = whole.split('\n').filter((one) => !form.test(one));
    await writeFile(base('release'), lines.join('\n'));
    expect([...(await open(line())).packageNames()]).toHaveLength(4);
  }
  await writeFile(base('release'), whole);
  await rm(base('pkglist.paseka.xz'));
  await rm(base('pkglist.paseka.bz2'));
  expect([...(await open(line())).packageNames()]).toHaveLength(4);
  for (const [tool, ending] of [
    ['zstd', 'zst'],
    ['gzip', 'gz'],
  ] as const) {
    const packed = base(`pkglist.paseka.${ending}`);
    await runTool(['sh', '-c', `${tool} --stdout "$1" >"$2"`, 'sh', base('pkglist.paseka'), packed]);
    const plain = await readFile(base('pkglist.paseka'));
    await rm(base('pkglist.paseka'));
    expect([...(await open(line())).packageNames()], ending).toHaveLength(4);
    await writeFile(base('pkglist.paseka'), plain);
    await rm(packed);
  }
});

test('only sources, several repositories, and directories without an index', async () => {
  const sources = await open(line().replace('rpm ', 'rpm-src '));
  expect([...sources.packageNames(), ...sources.sourceNames()]).toEqual(['hive']);
  const directory = await open(`rpm-dir file:${path('repo')} x86_64 paseka # ours\n`);
  expect([...directory.packageNames()].sort()).toEqual(['honey', 'smoker', 'stale', 'wax']);
  expect(directory.findSource('hive')).toMatchObject({ version: '2:1.5-alt3' });
  const wax = directory.findPackage('wax', '2:1.5-alt3', 'noarch');
  expect(wax).toMatchObject({ url: `file:${path('repo')}/x86_64/RPMS.paseka/wax-1.5-alt3.noarch.rpm` });
  expect(wax?.hashedBy).toBeUndefined();
  const both = await open(`${line()}rpm-dir file:${path('repo')} x86_64 paseka\n`);
  expect(both.repositories.repositories).toHaveLength(2);
  expect(await refused(`rpm-dir ${server.uri} x86_64 paseka\n`)).toEqual(
    problem('bad-source-list', 'another machine'),
  );
  expect(await refused(`rpm-dir file:${path('repo')} x86_64 classic\n`)).toEqual(
    problem('no-repositories', 'has neither RPMS.classic nor SRPMS.classic'),
  );
});

test('a signature that is missing, of another, or of something else is refused', async () => {
  const keyring = path('gpg/public.asc');
  expect(await refused(vendorLine())).toEqual(problem('signature-invalid', 'no key is named'));
  expect(await refused(vendorLine(), keyring)).toEqual(problem('signature-invalid', 'has no signature'));
  await using others = await makeTemporaryDirectory('keys-');
  await using other = await makeSigningKey(join(others.path, 'gpg'));
  await sign();
  expect(await refused(vendorLine(), other.keyring)).toEqual(problem('signature-invalid', /no public key/i));
  await writeFile(base('release'), (await readFile(base('release'), 'utf8')).replace('comb', 'wasp'));
  expect(await refused(vendorLine(), keyring)).toEqual(problem('signature-invalid', /BAD signature/i));
  // who names no vendor wants no signature, but with keys
  expect(await refused(line(), keyring)).toEqual(problem('signature-invalid', /BAD signature/i));
  expect([...(await open(line())).packageNames()]).toHaveLength(4);
});

test('lists that are absent, of another content, cut off or none, and no repository are told apart', async () => {
  expect(await refused(`rpm ${server.uri} aarch64 paseka\n`)).toEqual(
    problem('no-repositories', /no base\/release/),
  );
  expect(await refused(`rpm ${server.uri} x86_64 classic\n`)).toEqual(
    problem('no-repositories', /no component classic/),
  );
  server.misbehave(/pkglist\.paseka\.xz$/, { kind: 'other-content', body: 'x' });
  expect(await refused(line())).toEqual(problem('mirror-inconsistent', 'has 1 bytes instead of'));
  server.behave();
  server.misbehave(/pkglist\.paseka/, { kind: 'status', status: 404 });
  expect(await refused(line())).toEqual(problem('mirror-inconsistent', 'it is not there'));
  server.behave();
  // a repository that vouches for a list which is none
  const plain = await readFile(base('pkglist.paseka'));
  const { createHash } = await import('node:crypto');
  for (const [content, code] of [
    [plain.subarray(0, plain.length - 7), 'index-corrupt'],
    [Buffer.from('no list of packages at all'), 'index-corrupt'],
  ] as const) {
    await writeFile(base('pkglist.paseka'), content);
    const digest = createHash('md5').update(content).digest('hex');
    await writeFile(base('release'), `MD5Sum:\n ${digest} ${content.length} base/pkglist.paseka\n`);
    for (const suffix of ['xz', 'bz2']) await rm(base(`pkglist.paseka.${suffix}`), { force: true });
    expect(await refused(line())).toEqual(problem(code, 'is no list of packages'));
  }
});

test('it lies over another repository with all of its packages', async () => {
  await writeFile(path('sources.list'), `rpm file:${path('repo')} x86_64 paseka\n`);
  const fetch = async (files: readonly { readonly url: string }[]): Promise<string[]> =>
    files.map(({ url }) => fileURLToPath(url));
  const words = [path('sources.list')];
  const further = { scratchDirectory: place.path, fetch };
  const opened = await rpm.openCandidates({ words, architecture: 'x86_64', further });
  expect(opened.map(({ name }) => name).sort()).toEqual(['honey', 'smoker', 'stale', 'wax']);
});

test('a user names it by its sources.list', async () => {
  await writeFile(path('sources.list'), line());
  const state = path('state');
  const found = await pasekaJson<object>(['check', '--sources', path('sources.list')], 1, { state });
  expect(found).toMatchObject({ unsatisfiable: [], uninstallable: [{ package: 'stale' }] });
});
