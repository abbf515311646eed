// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sha256 } from '../base/digest.ts';
import type { DownloadEnd, DownloadRequest } from '../host/download.ts';
import { fetchWithRetries } from './fetch-with-retries.ts';

const file = {
  fileName: 'a.deb',
  url: 'http://bee:wax@mirror.example.org/a.deb',
  bytes: 4,
  sha256: sha256('deb\n'),
};

/** Plays the ends one after the other; the last one for ever. */
async function play(
  ...ends: readonly DownloadEnd[]
): Promise<{ result: unknown; requests: DownloadRequest[] }> {
  const requests: DownloadRequest[] = [];
  const downloads = {
    async download(request: DownloadRequest): Promise<DownloadEnd> {
      requests.push(request);
      return ends[Math.min(requests.length, ends.length) - 1] ?? { kind: 'missing' };
    },
  };
  const result = await fetchWithRetries(downloads, {
    file,
    partial: '/nonexistent/partial',
    retryDelayMs: 0,
    signal: new AbortController().signal,
  }).catch((error: unknown) => error);
  return { result, requests };
}

const fruitless: DownloadEnd = { kind: 'interrupted', reason: 'reset', gainedBytes: 0 };
const fruitful: DownloadEnd = { kind: 'interrupted', reason: 'reset', gainedBytes: 1 };

test('a complete or missing file needs one attempt', async () => {
  expect(await play({ kind: 'complete' })).toMatchObject({ result: true, requests: { length: 1 } });
  expect(await play({ kind: 'missing' })).toMatchObject({ result: false, requests: { length: 1 } });
});

test('it goes on as long as attempts bring something', async () => {
  const ends = [...Array.from({ length: 20 }, () => fruitful), { kind: 'complete' } as const];
  expect(await play(...ends)).toMatchObject({ result: true, requests: { length: 21 } });
});

test('it gives up after some attempts that bring nothing, without telling the password', async () => {
  const { result, requests } = await play(fruitless, fruitful, fruitless);
  expect(result).toMatchObject({
    code: 'mirror-unreachable',
    message: "http://mirror.example.org/a.deb can't be fetched: reset",
  });
  expect(requests).toHaveLength(6);
});

test('wrong content is asked for once more past all caches, then it is an error', async () => {
  const wrong: DownloadEnd = { kind: 'wrong-content', reason: 'it has 3 bytes instead of 4' };
  const mended = await play(wrong, { kind: 'complete' });
  expect(mended.result).toBe(true);
  expect(mended.requests.map(({ fresh }) => fresh)).toEqual([false, true]);
  expect((await play(wrong)).result).toMatchObject({
    code: 'mirror-inconsistent',
    message:
      'http://mirror.example.org/a.deb is not the file that the index promises: it has 3 bytes instead of 4',
  });
});

test('a fresh copy that breaks off is continued, not begun anew for ever', async () => {
  const wrong: DownloadEnd = { kind: 'wrong-content', reason: 'any' };
  const { result, requests } = await play(wrong, fruitful, fruitful, { kind: 'complete' });
  expect(result).toBe(true);
  expect(requests.map(({ fresh }) => fresh)).toEqual([false, true, false, false]);
});

test('a refusal is final', async () => {
  const { result, requests } = await play({ kind: 'refused', reason: 'the server answers 403' });
  expect(result).toMatchObject({ code: 'mirror-unreachable' });
  expect(requests).toHaveLength(1);
});
