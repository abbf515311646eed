// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ErrorCode, isPasekaError, type PasekaError } from '../../src/base/paseka-error.ts';
import { freezeRepositories } from '../../src/distro/deb/freeze.ts';
import { readFrozenDirectory } from '../../src/distro/deb/frozen-directory.ts';
import type { FrozenRepositories, Repository } from '../../src/distro/repository.ts';
import { hideHostAptConfiguration } from '../support/host-apt-configuration.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { runTool } from '../support/run-tool.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

let scratch: TemporaryDirectory;
let main: SmallRepository;
let server: LoopbackServer;
/** The main repository by HTTP. */
let source: Repository;

beforeAll(async () => {
  hideHostAptConfiguration();
  scratch = await makeTemporaryDirectory('paseka-freeze-');
  main = await SmallRepository.make({ suite: 'small', codename: 'pebble', components: ['main', 'contrib'] });
  await main.addBinary({ name: 'hello', fields: { Depends: 'libhello' } });
  await main.addBinary({ name: 'extra' }, 'contrib');
  await main.addSource({ name: 'hello' });
  server = await startLoopbackServer(main.directory);
  source = main.repository(server.uri);
}, 60_000);

beforeEach(async () => {
  server.behave();
  await main.publish();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await main[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

interface Frozen {
  readonly directory: string;
  readonly result: FrozenRepositories;
}

async function freeze(repositories: readonly Repository[], architecture = 'amd64'): Promise<Frozen> {
  const directory = await mkdtemp(join(scratch.path, 'frozen-'));
  return { directory, result: await freezeRepositories({ repositories, architecture }, directory) };
}

async function refusal(
  code: ErrorCode,
  repositories: readonly Repository[],
  architecture?: string,
): Promise<PasekaError> {
  const error: unknown = await freeze(repositories, architecture).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(isPasekaError(error, code), `expected ${code}, got ${String(error)}`).toBe(true);
  return error as PasekaError;
}

async function extraRepository(
  ...options: Parameters<typeof SmallRepository.make>
): Promise<SmallRepository> {
  const repository = await SmallRepository.make(...options);
  onTestFinished(() => repository[Symbol.asyncDispose]());
  await repository.addBinary({ name: 'other', version: '2:2.0' });
  await repository.publish();
  return repository;
}

test('freezes packages and sources of all components over HTTP', async () => {
  const { directory, result } = await freeze([source]);
  expect(result.releases).toEqual([
    {
      uri: `${server.uri}/`,
      suite: 'small',
      codename: 'pebble',
      origin: 'Small',
      components: ['main', 'contrib'],
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      signed: true,
    },
  ]);
  const frozen = await readFrozenDirectory(directory);
  expect(frozen.id).toBe(result.id);
  expect(frozen.indices.map(({ kind, component }) => `${kind} ${component}`).sort()).toEqual([
    'packages contrib',
    'packages main',
    'sources main',
  ]);
  for (const index of frozen.indices) {
    expect(index).toMatchObject({ uri: `${server.uri}/`, suite: 'small', codename: 'pebble', trusted: true });
    expect((await stat(join(directory, index.path))).size).toBe(index.bytes);
  }
  const packages = frozen.indices.find(({ kind, component }) => kind === 'packages' && component === 'main');
  expect(await readFile(join(directory, packages?.path ?? ''), 'utf8')).toBe(
    await readFile(main.indexPath({ kind: 'packages' }), 'utf8'),
  );
});

test('a component whose index is empty is no failure', async () => {
  const { directory } = await freeze([{ ...source, components: ['contrib'], sourcesOnly: true }, source]);
  expect((await readFrozenDirectory(directory)).releases[0]?.components).toEqual(['contrib', 'main']);
});

test('leaves only what it documents', async () => {
  const { directory } = await freeze([source]);
  expect((await readdir(directory)).sort()).toEqual(['frozen.json', 'keyrings', 'lists', 'sources.list.d']);
  const frozen = await readFrozenDirectory(directory);
  const named = [...frozen.indices.map(({ path }) => path), ...frozen.releases.map(({ path }) => path)];
  const lists = await readdir(join(directory, 'lists'));
  const found = lists.filter((name) => name !== 'partial').map((name) => `lists/${name}`);
  expect(new Set(found)).toEqual(new Set(named));
});

test('the frozen directory can be moved and used by apt without network', async () => {
  const { directory } = await freeze([source]);
  const moved = `${directory}-moved`;
  await rename(directory, moved);
  const root = join(scratch.path, 'apt-reader');
  await runTool(['mkdir', '-p', join(root, 'var/lib/dpkg'), join(root, 'cache')]);
  await writeFile(join(root, 'var/lib/dpkg/status'), '');
  const settings = {
    'Dir::State::lists': `${moved}/lists`,
    'Dir::Etc::sourcelist': `${moved}/sources.list.d/paseka.sources`,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::status': join(root, 'var/lib/dpkg/status'),
    'Dir::Cache': join(root, 'cache'),
    'Debug::NoLocking': '1',
    'APT::Architecture': 'amd64',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const output = await runTool(['apt-get', ...options, 'install', '--print-uris', '-y', 'extra']);
  expect(output).toContain(`'${server.uri}/pool/contrib/extra_1.0_all.deb'`);
  expect(output).not.toContain('cannot be authenticated');
});

test('freezes a file: repository, and the copy stays when the repository moves on', async () => {
  const local = await extraRepository();
  await rm(`${local.indexPath({ kind: 'packages' })}.gz`); // so that apt could link to the file itself
  await local.publish();
  await rm(`${local.indexPath({ kind: 'packages' })}.gz`);
  const { directory, result } = await freeze([local.repository()]);
  const [before] = (await readFrozenDirectory(directory)).indices.filter(({ kind }) => kind === 'packages');
  expect(before?.uri).toBe(`file:${local.directory}/`);
  const path = join(directory, before?.path ?? '');
  const content = await readFile(path, 'utf8');
  await local.addBinary({ name: 'newcomer' });
  await local.publish();
  expect(await readFile(path, 'utf8')).toBe(content);
  const later = await freeze([local.repository()]);
  expect(later.result.id).not.toBe(result.id);
});

test('the id is the same for the same content and differs with what is taken', async () => {
  const first = await freeze([source]);
  const again = await freeze([source]);
  expect(again.result.id).toBe(first.result.id);
  const less = await freeze([{ ...source, components: ['main'] }]);
  expect(less.result.id).not.toBe(first.result.id);
  const sources = await freeze([{ ...source, sourcesOnly: true }]);
  expect(sources.result.id).not.toBe(first.result.id);
  expect((await readFrozenDirectory(sources.directory)).indices.map(({ kind }) => kind)).toEqual(['sources']);
});

test('freezes several repositories at once, in their order', async () => {
  const updates = await extraRepository({
    suite: 'small-updates',
    releaseFields: { NotAutomatic: 'yes', ButAutomaticUpgrades: 'yes' },
  });
  const flat = await extraRepository({ components: [], signature: 'no-release-file', hasSources: false });
  const { directory, result } = await freeze([source, updates.repository(), flat.repository()]);
  expect(result.releases.map(({ suite, signed }) => [suite, signed])).toEqual([
    ['small', true],
    ['small-updates', true],
    ['./', false],
  ]);
  const { indices } = await readFrozenDirectory(directory);
  const places = [...new Set(indices.map(({ suite }) => suite))];
  expect(places).toEqual(['small', 'small-updates', './']);
  expect(indices.find(({ suite }) => suite === 'small-updates')).toMatchObject({
    notAutomatic: true,
    butAutomaticUpgrades: true,
  });
  expect(indices.filter(({ suite }) => suite === './')).toMatchObject([
    { kind: 'packages', component: '', uri: `file:${flat.directory}/`, notAutomatic: false },
  ]);
});

test('a signed repository without sources is taken with its packages', async () => {
  const binaries = await extraRepository({ hasSources: false });
  const { directory } = await freeze([binaries.repository()]);
  const frozen = await readFrozenDirectory(directory);
  expect(frozen.indices.map(({ kind }) => kind)).toEqual(['packages']);
  expect(await readFile(join(directory, 'sources.list.d/paseka.sources'), 'utf8')).toMatch(/^Types: deb$/m);
});

test('packages made elsewhere can be put into a small repository', async () => {
  const copy = await SmallRepository.make({ components: [] });
  onTestFinished(() => copy[Symbol.asyncDispose]());
  await copy.addDebFile(join(main.directory, 'pool/main/hello_1.0_all.deb'));
  await copy.addSourcePackage(join(main.directory, 'pool/main/hello_1.0.dsc'));
  await copy.publish();
  const { directory } = await freeze([copy.repository()]);
  for (const index of (await readFrozenDirectory(directory)).indices) {
    expect(await readFile(join(directory, index.path), 'utf8')).toMatch(/^Package: hello$/m);
  }
});

test('takes a detached signature, an embedded key and a flat repository', async () => {
  const detached = await extraRepository({ signature: 'detached' });
  const flat = await extraRepository({ components: [] });
  const { directory, result } = await freeze([
    detached.repository(),
    { ...flat.repository(), signedBy: flat.key.publicKey.trim() },
  ]);
  expect(result.releases.map(({ signed }) => signed)).toEqual([true, true]);
  const { releases } = await readFrozenDirectory(directory);
  expect(releases.map(({ keyrings }) => keyrings)).toEqual([['keyrings/1.gpg'], ['keyrings/2.asc']]);
});

test('refuses an unsigned repository, and takes it where it is declared trusted', async () => {
  const unsigned = await extraRepository({ signature: 'unsigned' });
  const { trusted: _, ...undeclared } = unsigned.repository();
  const error = await refusal('signature-invalid', [undeclared]);
  expect(error.message).toContain(unsigned.directory);
  expect(error.hint).toContain('Trusted: yes');
  const { result } = await freeze([unsigned.repository()]);
  expect(result.releases.map(({ signed }) => signed)).toEqual([false]);
});

test('refuses a forged release file and one signed by another key', async () => {
  const other = await extraRepository();
  await refusal('signature-invalid', [{ ...source, signedBy: other.key.keyring }]);
  await main.breakSignature();
  const error = await refusal('signature-invalid', [source]);
  expect(error.message, 'in the words of gpgv or of sqv').toMatch(/BADSIG|Message has been manipulated/);
});

test('a forged release file that is declared trusted counts as unsigned', async () => {
  await main.breakSignature();
  const { result } = await freeze([{ ...source, trusted: true }]);
  expect(result.releases[0]?.signed).toBe(false);
});

test('refuses an expired release file unless the source says otherwise', async () => {
  await main.publish({ validUntil: new Date(Date.now() - 24 * 3_600_000) });
  await refusal('index-expired', [source]);
  await freeze([{ ...source, checkValidUntil: false }]);
});

test('refuses a truncated index', async () => {
  await main.truncateIndex({ kind: 'packages' });
  const error = await refusal('index-corrupt', [source]);
  expect(error.message).toContain('/dists/small/main/binary-amd64/Packages');
});

test('refuses an index of sources with another hash', async () => {
  await main.changeIndex({ kind: 'sources' });
  const error = await refusal('index-corrupt', [source]);
  expect(error.message).toContain('/dists/small/main/source/Sources');
  expect(error.message).toContain('Hash Sum mismatch');
});

test('refuses a page of something else in place of the release file', async () => {
  server.misbehave(/Release/, { kind: 'other-content', body: '<html>please log in</html>' });
  await refusal('index-corrupt', [source]);
});

test('tells an index that is missing on the mirror from an unknown suite', async () => {
  server.misbehave(/Packages|by-hash/, { kind: 'status', status: 404 });
  await refusal('mirror-inconsistent', [source]);
  server.behave();
  const error = await refusal('unknown-suite', [{ ...source, suite: 'smal' }]);
  expect(error.message).toContain('smal');
  await refusal('unknown-suite', [{ ...source, uri: 'file:/nonexistent', suite: 'small' }]);
});

test('tells a server that wants credentials', async () => {
  server.misbehave(/./, { kind: 'want-credentials', user: 'bee', password: 'wax' });
  const error = await refusal('mirror-unreachable', [source]);
  expect(error.message).toContain('401');
  const { directory, result } = await freeze([{ ...source, uri: server.uri.replace('//', '//bee:wax@') }]);
  expect(result.releases[0]?.uri).toBe(`${server.uri}/`);
  expect((await readFrozenDirectory(directory)).indices[0]?.uri).toContain('bee:wax@');
  expect((await stat(join(directory, 'frozen.json'))).mode & 0o077).toBe(0);
});

test('tells an unreachable mirror', { timeout: 60_000 }, async () => {
  const gone = await startLoopbackServer(scratch.path);
  await gone.stop();
  const error = await refusal('mirror-unreachable', [{ ...source, uri: gone.uri }]);
  expect(error.message).toContain('Connection refused');
});

test('refuses components and architectures that are not there, and sources without any entry', async () => {
  const error = await refusal('bad-source-list', [{ ...source, components: ['main', 'mian'] }]);
  expect(error.message).toContain('mian');
  expect(error.hint).toContain('main contrib');
  await refusal('bad-source-list', [source], 'riscv64');
  await refusal('no-repositories', []);
  await refusal('no-repositories', [{ ...source, architectures: ['arm64'] }]);
  await refusal('bad-source-list', [{ ...source, signedBy: '/nonexistent.gpg' }]);
});

test('stops when cancelled', async () => {
  const abort = new AbortController();
  const { promise: never } = Promise.withResolvers<void>();
  server.misbehave(/Sources|Packages/, { kind: 'pause', afterBytes: 1, until: never });
  const directory = await mkdtemp(join(scratch.path, 'frozen-'));
  const frozen = freezeRepositories(
    { repositories: [source], architecture: 'amd64', signal: abort.signal, onProgress: () => abort.abort() },
    directory,
  );
  await expect(frozen).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(directory)).not.toContain('frozen.json');
});

test("does not touch the host's apt state", async () => {
  const look = async (): Promise<string> =>
    runTool(['find', '/var/lib/apt', '/var/cache/apt', '-printf', '%p %T@ %s %i\n']);
  const before = await look();
  await freeze([source]);
  expect(await look()).toBe(before);
});
