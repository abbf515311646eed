// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
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
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { Pool } from '../../src/store/pool.ts';
import { requires } from '../support/capabilities.ts';
import { usePoolMirror } from '../support/pool-mirror.ts';
import { runTool } from '../support/run-tool.ts';

const mirror = usePoolMirror();

test('fetches a file once, verified and read only', async () => {
  const pool = mirror.makePool();
  const file = await mirror.offer();
  expect(await pool.has(file.sha256)).toBe(false);
  const end = await pool.fetch(file);
  expect(end).toEqual({
    kind: 'present',
    path: join(mirror.state.pool, file.sha256.slice(0, 2), file.sha256),
  });
  expect(await readFile(pool.pathOf(file.sha256))).toEqual(file.content);
  expect((await stat(pool.pathOf(file.sha256))).mode & 0o777).toBe(0o444);
  expect(await pool.fetch(file)).toEqual(end);
  expect(await mirror.makePool().fetch(file)).toEqual(end);
  expect(mirror.server.requests).toHaveLength(1);
  expect(await mirror.partials()).toEqual([]);
});

test('callers that want the same file at once share one download', async () => {
  const pool = mirror.makePool();
  const file = await mirror.offer();
  await Promise.all(Array.from({ length: 20 }, () => pool.fetch(file)));
  expect(mirror.server.requests).toHaveLength(1);
});

test('two pools (as of two processes) share one download too', async () => {
  const file = await mirror.offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  mirror.server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const first = mirror.makePool().fetch(file);
  await mirror.server.requested(1);
  const second = mirror.makePool().fetch(file);
  resolve();
  expect((await Promise.all([first, second])).map(({ kind }) => kind)).toEqual(['present', 'present']);
  expect(mirror.server.requests).toHaveLength(1);
});

test.each([
  ['truncated', (path: string) => truncate(path, 50)],
  ['emptied', (path: string) => truncate(path, 0)],
  ['changed', (path: string) => writeFile(path, randomBytes(100_000))],
  ['grown', (path: string) => appendFile(path, 'x')],
])('a %s pool file is found by the next process and fetched again', async (_, harm) => {
  const file = await mirror.offer();
  const { path } = (await mirror.makePool().fetch(file)) as { path: string };
  await chmod(path, 0o644);
  await harm(path);
  expect(await mirror.makePool().fetch(file)).toEqual({ kind: 'present', path });
  expect(await readFile(path)).toEqual(file.content);
  expect(mirror.server.requests).toHaveLength(2);
});

test('a file that disappears while the process runs is fetched again', async () => {
  const pool = mirror.makePool();
  const file = await mirror.offer();
  await pool.fetch(file);
  await rm(pool.pathOf(file.sha256));
  expect(await pool.fetch(file)).toMatchObject({ kind: 'present' });
  expect(await pool.has(file.sha256, file.bytes)).toBe(true);
});

test('fetches many at once, within the limit, and reports in order', async () => {
  const files = await Promise.all(Array.from({ length: 50 }, () => mirror.offer(1000)));
  const wanted = [
    ...files.slice(0, 25),
    { ...(await mirror.offer()), url: `${mirror.server.uri}/gone` },
    ...files.slice(25),
  ];
  const progress: number[] = [];
  const ends = await mirror.makePool({ concurrency: 4 }).fetchAll(wanted, {
    onProgress: (now) => progress.push(now.files),
  });
  expect(ends.map(({ kind }) => kind)).toEqual(
    wanted.map((_, index) => (index === 25 ? 'missing' : 'present')),
  );
  expect(progress).toEqual(wanted.map((_, index) => index + 1));
  expect(mirror.server.mostAtOnce).toBeLessThanOrEqual(4);
  expect(mirror.server.mostAtOnce).toBeGreaterThan(1);
});

test('after the first error the other downloads are cancelled', async () => {
  const [slow, bad] = [await mirror.offer(), await mirror.offer()];
  mirror.server.misbehave(new RegExp(slow.fileName.replace('+', '\\+')), {
    kind: 'pause',
    afterBytes: 1,
    until: new Promise(() => undefined),
  });
  mirror.server.misbehave(/./, { kind: 'status', status: 403 });
  await expect(mirror.makePool().fetchAll([slow, bad])).rejects.toMatchObject({ code: 'mirror-unreachable' });
});

test('cancelling one of two callers leaves the other its download', async () => {
  const pool = mirror.makePool();
  const file = await mirror.offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  mirror.server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const abort = new AbortController();
  const impatient = pool.fetch(file, abort.signal);
  const patient = pool.fetch(file);
  await mirror.server.requested(1);
  abort.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
  resolve();
  expect(await patient).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests).toHaveLength(1);
});

test('adopts a local file, lists and removes', async () => {
  const pool = mirror.makePool();
  const file = await mirror.offer();
  const path = join(mirror.directory, file.fileName);
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
  expect(await readdir(mirror.state.tmp)).toEqual([]);
});

test('use is noted in the access time', async () => {
  const file = await mirror.offer();
  const { path } = (await mirror.makePool().fetch(file)) as { path: string };
  await utimes(path, 1000, 1000);
  await mirror.makePool().fetch(file);
  const [listed] = await mirror.makePool().list();
  expect(listed?.usedAt).toBeGreaterThan(1_000_000);
  expect((await stat(path)).mtimeMs).toBe(1_000_000);
});

test('forgets old partial files, not those that are being fetched', async () => {
  const directory = join(mirror.state.pool, 'partial');
  await mkdir(directory);
  const old = join(directory, sha256('old'));
  await writeFile(old, 'half');
  await utimes(old, 1000, 1000);
  const file = await mirror.offer();
  const { promise, resolve } = Promise.withResolvers<void>();
  mirror.server.misbehave(/./, { kind: 'pause', afterBytes: 10, until: promise }, 1);
  const pool = mirror.makePool();
  const fetching = pool.fetch(file);
  await mirror.server.requested(1);
  await pool.removePartials(Number.POSITIVE_INFINITY);
  expect(await readdir(directory)).not.toContain(basename(old));
  resolve();
  expect(await fetching).toMatchObject({ kind: 'present' });
  expect(mirror.server.requests).toHaveLength(1);
});

requires('root')('on a small file system', () => {
  test('a full disk is its own error', async () => {
    const small = join(mirror.directory, 'small-disk');
    await mkdir(small, { recursive: true });
    await runTool(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'paseka-test', small]);
    try {
      const full = new Pool({ ...mirror.state, pool: small }, mirror.downloader, { retryDelayMs: 1 });
      await expect(full.fetch(await mirror.offer(1_000_000))).rejects.toMatchObject({ code: 'disk-full' });
    } finally {
      await runTool(['umount', small]);
    }
  });
});
