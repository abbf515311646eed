// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Downloader } from '../../src/host/download.ts';
import { type DownloadSettings, plainDownloadSettings } from '../../src/host/download-settings.ts';
import { startLoopbackServer } from '../support/loopback-server.ts';
import { usePoolMirror } from '../support/pool-mirror.ts';

const mirror = usePoolMirror();

test('a download that a killed process began is continued by another', async () => {
  const file = await mirror.offer();
  mirror.server.misbehave(/./, { kind: 'pause', afterBytes: 60_000, until: new Promise(() => undefined) }, 1);
  const source = (path: string): string =>
    JSON.stringify(new URL(`../../src/${path}`, import.meta.url).pathname);
  const { content: _, ...remote } = file;
  const script = `
    const { Pool } = await import(${source('store/pool.ts')});
    const { Downloader } = await import(${source('host/download.ts')});
    const { plainDownloadSettings } = await import(${source('host/download-settings.ts')});
    const pool = new Pool(${JSON.stringify(mirror.state)}, new Downloader(plainDownloadSettings));
    await pool.fetch(${JSON.stringify(remote)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await expect.poll(() => mirror.partialBytes(file), { timeout: 20_000 }).toBe(60_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=60000-']);
  expect(mirror.server.requests[1]?.headers['if-range']).toBe(`"${file.sha256}"`);
});

test('a broken download is continued where it broke off', async () => {
  const file = await mirror.offer();
  // not before the client has it all: what is in its buffers when a connection breaks is lost
  const arrived = (bytes: number) => async (): Promise<void> => {
    await expect.poll(() => mirror.partialBytes(file)).toBe(bytes);
  };
  mirror.server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000, when: arrived(40_000) }, 1);
  mirror.server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000, when: arrived(80_000) }, 1);
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests.map(({ headers }) => headers.range)).toEqual([
    undefined,
    'bytes=40000-',
    'bytes=80000-',
  ]);
  expect(await readFile(mirror.makePool().pathOf(file.sha256))).toEqual(file.content);
});

test('a server without ranges, or with another version, is read from the beginning', async () => {
  const file = await mirror.offer();
  mirror.server.misbehave(/./, { kind: 'break-off', afterBytes: 40_000 }, 1);
  mirror.server.misbehave(/./, { kind: 'ignore-range' });
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  const changed = await mirror.offer();
  await mkdir(join(mirror.state.pool, 'partial'), { recursive: true });
  await writeFile(join(mirror.state.pool, 'partial', changed.sha256), 'of another version');
  await writeFile(join(mirror.state.pool, 'partial', `${changed.sha256}.validator`), '"other"');
  expect(await mirror.makePool().fetch(changed)).toMatchObject({ kind: 'present' });
  expect(await readFile(mirror.makePool().pathOf(changed.sha256))).toEqual(changed.content);
});

test('a partial file with rubbish in it is found by its digest and thrown away', async () => {
  const file = await mirror.offer();
  await mkdir(join(mirror.state.pool, 'partial'), { recursive: true });
  await writeFile(join(mirror.state.pool, 'partial', file.sha256), 'rubbish');
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(await readFile(mirror.makePool().pathOf(file.sha256))).toEqual(file.content);
});

test.each([404, 410])(
  'a file that the mirror no longer has (%d) is a value that names the URL',
  async (status) => {
    const file = await mirror.offer();
    mirror.server.misbehave(/./, { kind: 'status', status });
    const withPassword = { ...file, url: file.url.replace('//', '//bee:wax@') };
    expect(await mirror.makePool().fetch(withPassword)).toEqual({ kind: 'missing', url: file.url });
    expect(await mirror.partials()).toEqual([]);
  },
);

test('a mirror that sends something else is found out', async () => {
  const file = await mirror.offer(1000);
  for (const body of [randomBytes(1000), randomBytes(999), randomBytes(1001)]) {
    mirror.server.behave();
    mirror.server.misbehave(/./, { kind: 'other-content', body });
    await expect(mirror.makePool().fetch(file)).rejects.toMatchObject({
      code: 'mirror-inconsistent',
      message: expect.stringContaining(file.url),
    });
    expect(await mirror.partials()).toEqual([]);
  }
  mirror.server.behave();
  mirror.server.misbehave(/./, { kind: 'other-content', body: 'stale' }, 1);
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests.at(-1)?.headers['cache-control']).toBe('no-cache');
});

test('a mirror that fails is asked several times', async () => {
  const file = await mirror.offer();
  mirror.server.misbehave(/./, { kind: 'status', status: 503 }, 2);
  expect(await mirror.makePool().fetch(file)).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests).toHaveLength(3);
});

test('an unreachable mirror, and one that refuses', async () => {
  const file = await mirror.offer();
  mirror.server.misbehave(/./, { kind: 'status', status: 403 });
  await expect(mirror.makePool().fetch(file)).rejects.toMatchObject({ code: 'mirror-unreachable' });
  await mirror.server.stop();
  await expect(mirror.makePool().fetch(file)).rejects.toMatchObject({
    code: 'mirror-unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('follows redirects, but not for ever and not to files', async () => {
  const file = await mirror.offer();
  mirror.server.misbehave(/first/, { kind: 'redirect', location: `/${file.fileName}` });
  const redirected = { ...file, url: `${mirror.server.uri}/first` };
  expect(await mirror.makePool().fetch(redirected)).toMatchObject({ kind: 'present' });
  const other = await mirror.offer();
  mirror.server.misbehave(/loop/, { kind: 'redirect', location: '/loop' });
  mirror.server.misbehave(/local/, {
    kind: 'redirect',
    location: `file:${mirror.directory}/${other.fileName}`,
  });
  for (const path of ['loop', 'local']) {
    await expect(
      mirror.makePool().fetch({ ...other, url: `${mirror.server.uri}/${path}` }),
    ).rejects.toMatchObject({
      code: 'mirror-unreachable',
      message: expect.stringContaining('redirects'),
    });
  }
});

test('credentials come from the address or the settings, and go to no other server', async () => {
  const file = await mirror.offer();
  const credentials = { user: 'bee', password: 'w@x' };
  mirror.server.misbehave(/./, { kind: 'want-credentials', ...credentials });
  await expect(mirror.makePool().fetch(file)).rejects.toMatchObject({
    message: expect.stringContaining('401'),
  });
  const settings: DownloadSettings = {
    ...plainDownloadSettings,
    credentialsFor: (url) => (url.origin === mirror.server.uri ? credentials : undefined),
  };
  await using knowing = new Downloader(settings);
  expect(await mirror.makePool({}, knowing).fetch(file)).toMatchObject({ kind: 'present' });
  const other = await mirror.offer();
  const url = other.url.replace('//', '//bee:w%40x@');
  expect(await mirror.makePool().fetch({ ...other, url })).toMatchObject({ kind: 'present' });
  await using elsewhere = await startLoopbackServer(mirror.directory);
  const third = await mirror.offer();
  mirror.server.behave();
  mirror.server.misbehave(/./, { kind: 'redirect', location: `${elsewhere.uri}/${third.fileName}` });
  expect(
    await mirror.makePool().fetch({ ...third, url: third.url.replace('//', '//bee:wax@') }),
  ).toMatchObject({
    kind: 'present',
  });
  expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
});

test('goes through a proxy by plain requests', async () => {
  const file = await mirror.offer();
  await using proxied = new Downloader({
    ...plainDownloadSettings,
    proxyFor: async () => mirror.server.uri.replace('//', '//bee:wax@'),
  });
  const url = `http://mirror.example.invalid/${file.fileName}`;
  expect(await mirror.makePool({}, proxied).fetch({ ...file, url })).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests[0]).toMatchObject({
    method: 'GET',
    path: `/${file.fileName}`,
    headers: { host: 'mirror.example.invalid', 'proxy-authorization': `Basic ${btoa('bee:wax')}` },
  });
});

test.each(['file', 'copy'])('takes from local repositories (%s:)', async (scheme) => {
  const file = await mirror.offer();
  const url = `${scheme}:${mirror.directory}/${file.fileName}`;
  expect(await mirror.makePool().fetch({ ...file, url })).toMatchObject({ kind: 'present' });
  const gone = `${scheme}:${mirror.directory}/gone.deb`;
  expect(await mirror.makePool().fetch({ ...(await mirror.offer()), url: gone })).toEqual({
    kind: 'missing',
    url: gone,
  });
  const other = await mirror.offer();
  await expect(mirror.makePool().fetch({ ...other, url })).rejects.toMatchObject({ code: 'file-corrupt' });
});
