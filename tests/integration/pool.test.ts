// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import type { RemoteFile } from '../../src/distro/source-input.ts';
import { Downloader } from '../../src/host/download.ts';
import { type DownloadSettings, plainDownloadSettings } from '../../src/host/download-settings.ts';
import type { StateDirectory } from '../../src/host/state-directory.ts';
import { Pool, type PoolOptions } from '../../src/store/pool.ts';
import { requires } from '../support/capabilities.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';
import { makeTestState } from '../support/test-state.ts';

let mirror: TemporaryDirectory;
let server: LoopbackServer;
let downloader: Downloader;
let state: StateDirectory;

beforeAll(async () => {
  mirror = await makeTemporaryDirectory('paseka-mirror-');
  downloader = new Downloader(plainDownloadSettings);
});

beforeEach(async () => {
  server = await startLoopbackServer(mirror.path);
  const fresh = await makeTestState();
  state = fresh.state;
  onTestFinished(async () => {
    await fresh[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
});

afterAll(async () => {
  await downloader[Symbol.asyncDispose]();
  await mirror[Symbol.asyncDispose]();
});

function makePool(options: PoolOptions = {}, downloads = downloader): Pool {
  return new Pool(state, downloads, { retryDelayMs: 1, ...options });
}

let made = 0;

/** Puts a file of random content on the mirror. */
async function offer(bytes = 100_000): Promise<RemoteFile & { readonly content: Buffer }> {
  const fileName = `file-${made++}+a~1.deb`;
  const content = randomBytes(bytes);
  await writeFile(join(mirror.path, fileName), content);
  return { fileName, url: `${server.uri}/${fileName}`, bytes, sha256: sha256(content), content };
}

async function partials(): Promise<string[]> {
  return readdir(join(state.pool, 'partial')).catch(() => []);
}

async function partialBytes(file: RemoteFile): Promise<number> {
  return stat(join(state.pool, 'partial', file.sha256)).then(
    ({ size }) => size,
    () => 0,
  );
}

test('fetches a file once, verified and read only', async () => {
  const pool = makePool();
  const file = await offer();
  expect(await pool.has(file.sha256)).toBe(false);
  const end = await pool.fetch(file);
  expect(end).toEqual({ kind: 'present', path: join(state.pool, file.sha256.slice(0, 2), file.sha256) });
  expect(await readFile(pool.pathOf(file.sha256))).toEqual(file.content);
  expect((await stat(pool.pathOf(file.sha256))).mode & 0o777).toBe(0o444);
  expect(await pool.fetch(file)).toEqual(end);
  expect(await makePool().fetch(file)).toEqual(end);
  expect(server.requests).toHaveLength(1);
  expect(await partials()).toEqual([]);
});

test('callers that want the same file at once share one download', async () => {
  const pool = makePool();
  const file = await offer();
  await Promise.all(Array.from({ length: 20 }, () => pool.fetch(file)));
  expect(server.requests).toHaveLength(1);
});

test('two pools (as of two processes) share one download too', async () => {
  const file = await offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const first = makePool().fetch(file);
  await server.requested(1);
  const second = makePool().fetch(file);
  resolve();
  expect((await Promise.all([first, second])).map(({ kind }) => kind)).toEqual(['present', 'present']);
  expect(server.requests).toHaveLength(1);
});

test('a download that a killed process began is continued by another', async () => {
  const file = await offer();
  server.misbehave(/./, { kind: 'pause', afterBytes: 60_000, until: new Promise(() => undefined) }, 1);
  const source = (path: string): string =>
    JSON.stringify(new URL(`../../src/${path}`, import.meta.url).pathname);
  const { content: _, ...remote } = file;
  const script = `
    const { Pool } = await import(${source('store/pool.ts')});
    const { Downloader } = await import(${source('host/download.ts')});
    const { plainDownloadSettings } = await import(${source('host/download-settings.ts')});
    const pool = new Pool(${JSON.stringify(state)}, new Downloader(plainDownloadSettings));
    await pool.fetch(${JSON.stringify(remote)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await expect.poll(() => partialBytes(file), { timeout: 20_000 }).toBe(60_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=60000-']);
  expect(server.requests[1]?.headers['if-range']).toBe(`"${file.sha256}"`);
});

test('a broken download is continued where it broke off', async () => {
  const file = await offer();
  // not before the client has it all: what is in its buffers when a connection breaks is lost
  const arrived = (bytes: number) => async (): Promise<void> => {
    await expect.poll(() => partialBytes(file)).toBe(bytes);
  };
  server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000, when: arrived(40_000) }, 1);
  server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000, when: arrived(80_000) }, 1);
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(server.requests.map(({ headers }) => headers.range)).toEqual([
    undefined,
    'bytes=40000-',
    'bytes=80000-',
  ]);
  expect(await readFile(makePool().pathOf(file.sha256))).toEqual(file.content);
});

test('a server without ranges, or with another version, is read from the beginning', async () => {
  const file = await offer();
  server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000 }, 1);
  server.misbehave(/./, { kind: 'ignore-range' });
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  const changed = await offer();
  await mkdir(join(state.pool, 'partial'), { recursive: true });
  await writeFile(join(state.pool, 'partial', changed.sha256), 'of another version');
  await writeFile(join(state.pool, 'partial', `${changed.sha256}.validator`), '"other"');
  expect(await makePool().fetch(changed)).toMatchObject({ kind: 'present' });
  expect(await readFile(makePool().pathOf(changed.sha256))).toEqual(changed.content);
});

test('a partial file with rubbish in it is found by its digest and thrown away', async () => {
  const file = await offer();
  await mkdir(join(state.pool, 'partial'), { recursive: true });
  await writeFile(join(state.pool, 'partial', file.sha256), 'rubbish');
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(await readFile(makePool().pathOf(file.sha256))).toEqual(file.content);
});

test.each([
  ['truncated', (path: string) => truncate(path, 50)],
  ['emptied', (path: string) => truncate(path, 0)],
  ['changed', (path: string) => writeFile(path, randomBytes(100_000))],
  ['grown', (path: string) => appendFile(path, 'x')],
])('a %s pool file is found by the next process and fetched again', async (_, harm) => {
  const file = await offer();
  const { path } = (await makePool().fetch(file)) as { path: string };
  await chmod(path, 0o644);
  await harm(path);
  expect(await makePool().fetch(file)).toEqual({ kind: 'present', path });
  expect(await readFile(path)).toEqual(file.content);
  expect(server.requests).toHaveLength(2);
});

test('a file that disappears while the process runs is fetched again', async () => {
  const pool = makePool();
  const file = await offer();
  await pool.fetch(file);
  await rm(pool.pathOf(file.sha256));
  expect(await pool.fetch(file)).toMatchObject({ kind: 'present' });
  expect(await pool.has(file.sha256, file.bytes)).toBe(true);
});

test.each([404, 410])(
  'a file that the mirror no longer has (%d) is a value that names the URL',
  async (status) => {
    const file = await offer();
    server.misbehave(/./, { kind: 'status', status });
    const withPassword = { ...file, url: file.url.replace('//', '//bee:wax@') };
    expect(await makePool().fetch(withPassword)).toEqual({ kind: 'missing', url: file.url });
    expect(await partials()).toEqual([]);
  },
);

test('a mirror that sends something else is found out', async () => {
  const file = await offer(1000);
  for (const body of [randomBytes(1000), randomBytes(999), randomBytes(1001)]) {
    server.behave();
    server.misbehave(/./, { kind: 'other-content', body });
    await expect(makePool().fetch(file)).rejects.toMatchObject({
      code: 'mirror-inconsistent',
      message: expect.stringContaining(file.url),
    });
    expect(await partials()).toEqual([]);
  }
  server.behave();
  server.misbehave(/./, { kind: 'other-content', body: 'stale' }, 1);
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(server.requests.at(-1)?.headers['cache-control']).toBe('no-cache');
});

test('a mirror that fails is asked several times', async () => {
  const file = await offer();
  server.misbehave(/./, { kind: 'status', status: 503 }, 2);
  expect(await makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(server.requests).toHaveLength(3);
});

test('an unreachable mirror, and one that refuses', async () => {
  const file = await offer();
  server.misbehave(/./, { kind: 'status', status: 403 });
  await expect(makePool().fetch(file)).rejects.toMatchObject({ code: 'mirror-unreachable' });
  await server.stop();
  await expect(makePool().fetch(file)).rejects.toMatchObject({
    code: 'mirror-unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('follows redirects, but not for ever and not to files', async () => {
  const file = await offer();
  server.misbehave(/first/, { kind: 'redirect', location: `/${file.fileName}` });
  const redirected = { ...file, url: `${server.uri}/first` };
  expect(await makePool().fetch(redirected)).toMatchObject({ kind: 'present' });
  const other = await offer();
  server.misbehave(/loop/, { kind: 'redirect', location: '/loop' });
  server.misbehave(/local/, { kind: 'redirect', location: `file:${mirror.path}/${other.fileName}` });
  for (const path of ['loop', 'local']) {
    await expect(makePool().fetch({ ...other, url: `${server.uri}/${path}` })).rejects.toMatchObject({
      code: 'mirror-unreachable',
      message: expect.stringContaining('redirects'),
    });
  }
});

test('credentials come from the address or the settings, and go to no other server', async () => {
  const file = await offer();
  const credentials = { user: 'bee', password: 'w@x' };
  server.misbehave(/./, { kind: 'want-credentials', ...credentials });
  await expect(makePool().fetch(file)).rejects.toMatchObject({ message: expect.stringContaining('401') });
  const settings: DownloadSettings = {
    ...plainDownloadSettings,
    credentialsFor: (url) => (url.origin === server.uri ? credentials : undefined),
  };
  await using knowing = new Downloader(settings);
  expect(await makePool({}, knowing).fetch(file)).toMatchObject({ kind: 'present' });
  const other = await offer();
  const url = other.url.replace('//', '//bee:w%40x@');
  expect(await makePool().fetch({ ...other, url })).toMatchObject({ kind: 'present' });
  await using elsewhere = await startLoopbackServer(mirror.path);
  const third = await offer();
  server.behave();
  server.misbehave(/./, { kind: 'redirect', location: `${elsewhere.uri}/${third.fileName}` });
  expect(await makePool().fetch({ ...third, url: third.url.replace('//', '//bee:wax@') })).toMatchObject({
    kind: 'present',
  });
  expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
});

test('goes through a proxy by plain requests', async () => {
  const file = await offer();
  await using proxied = new Downloader({
    ...plainDownloadSettings,
    proxyFor: async () => server.uri.replace('//', '//bee:wax@'),
  });
  const url = `http://mirror.example.invalid/${file.fileName}`;
  expect(await makePool({}, proxied).fetch({ ...file, url })).toMatchObject({ kind: 'present' });
  expect(server.requests[0]).toMatchObject({
    method: 'GET',
    path: `/${file.fileName}`,
    headers: { host: 'mirror.example.invalid', 'proxy-authorization': `Basic ${btoa('bee:wax')}` },
  });
});

test.each(['file', 'copy'])('takes from local repositories (%s:)', async (scheme) => {
  const file = await offer();
  const url = `${scheme}:${mirror.path}/${file.fileName}`;
  expect(await makePool().fetch({ ...file, url })).toMatchObject({ kind: 'present' });
  const gone = `${scheme}:${mirror.path}/gone.deb`;
  expect(await makePool().fetch({ ...(await offer()), url: gone })).toEqual({ kind: 'missing', url: gone });
  const other = await offer();
  await expect(makePool().fetch({ ...other, url })).rejects.toMatchObject({ code: 'file-corrupt' });
});

test('fetches many at once, within the limit, and reports in order', async () => {
  const files = await Promise.all(Array.from({ length: 50 }, () => offer(1000)));
  const wanted = [
    ...files.slice(0, 25),
    { ...(await offer()), url: `${server.uri}/gone` },
    ...files.slice(25),
  ];
  const progress: number[] = [];
  const ends = await makePool({ concurrency: 4 }).fetchAll(wanted, {
    onProgress: (now) => progress.push(now.files),
  });
  expect(ends.map(({ kind }) => kind)).toEqual(
    wanted.map((_, index) => (index === 25 ? 'missing' : 'present')),
  );
  expect(progress).toEqual(wanted.map((_, index) => index + 1));
  expect(server.mostAtOnce).toBeLessThanOrEqual(4);
  expect(server.mostAtOnce).toBeGreaterThan(1);
});

test('after the first error the other downloads are cancelled', async () => {
  const [slow, bad] = [await offer(), await offer()];
  server.misbehave(new RegExp(slow.fileName.replace('+', '\\+')), {
    kind: 'pause',
    afterBytes: 1,
    until: new Promise(() => undefined),
  });
  server.misbehave(/./, { kind: 'status', status: 403 });
  await expect(makePool().fetchAll([slow, bad])).rejects.toMatchObject({ code: 'mirror-unreachable' });
});

test('cancelling one of two callers leaves the other its download', async () => {
  const pool = makePool();
  const file = await offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const abort = new AbortController();
  const impatient = pool.fetch(file, abort.signal);
  const patient = pool.fetch(file);
  await server.requested(1);
  abort.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
  resolve();
  expect(await patient).toMatchObject({ kind: 'present' });
  expect(server.requests).toHaveLength(1);
});

test('adopts a local file, lists and removes', async () => {
  const pool = makePool();
  const file = await offer();
  const path = join(mirror.path, file.fileName);
  await expect(pool.adopt(path, { bytes: 3, sha256: sha256('abc') })).rejects.toMatchObject({
    code: 'file-corrupt',
  });
  expect(await pool.list()).toEqual([]);
  await pool.adopt(path, file);
  expect(await pool.list()).toEqual([{ sha256: file.sha256, bytes: file.bytes, usedAt: expect.any(Number) }]);
  await writeFile(path, 'changed by its owner');
  expect(await readFile(pool.pathOf(file.sha256))).toEqual(file.content);
  await pool.remove(file.sha256);
  expect(await pool.list()).toEqual([]);
  expect(await readdir(state.tmp)).toEqual([]);
});

test('use is noted in the access time', async () => {
  const file = await offer();
  const { path } = (await makePool().fetch(file)) as { path: string };
  await utimes(path, 1000, 1000);
  await makePool().fetch(file);
  const [listed] = await makePool().list();
  expect(listed?.usedAt).toBeGreaterThan(1_000_000);
  expect((await stat(path)).mtimeMs).toBe(1_000_000);
});

test('forgets old partial files, not those that are being fetched', async () => {
  const directory = join(state.pool, 'partial');
  await mkdir(directory);
  const old = join(directory, sha256('old'));
  await writeFile(old, 'half');
  await utimes(old, 1000, 1000);
  const file = await offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const pool = makePool();
  const fetching = pool.fetch(file);
  await server.requested(1);
  await pool.removePartials(Number.POSITIVE_INFINITY);
  expect(await readdir(directory)).not.toContain(basename(old));
  resolve();
  expect(await fetching).toMatchObject({ kind: 'present' });
  expect(server.requests).toHaveLength(1);
});

requires('root')('on a small file system', () => {
  test('a full disk is its own error', async () => {
    const small = join(mirror.path, 'small-disk');
    await mkdir(small, { recursive: true });
    await runTool(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'paseka-test', small]);
    try {
      const full = new Pool({ ...state, pool: small }, downloader, { retryDelayMs: 1 });
      await expect(full.fetch(await offer(1_000_000))).rejects.toMatchObject({ code: 'disk-full' });
    } finally {
      await runTool(['umount', small]);
    }
  });
});
