// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { LogWriter } from '../../src/host/log/log-writer.ts';
import { followLog, type Log, openLog } from '../../src/host/log/open-log.ts';
import { packLog } from '../../src/host/log/pack-log.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const lineOf = (line: number): string => `${line} gcc -c -o object${line % 977}.o`;

/** Writes so many lines in pieces that don't keep to them, and perhaps the beginning of one more. */
function write(writer: LogWriter, from: number, count: number, rest = ''): void {
  const text = Array.from({ length: count }, (_, index) => `${lineOf(from + index)}\n`).join('') + rest;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 70_001) writer.write(bytes.subarray(at, at + 70_001));
}

async function opened(path: string): Promise<Log> {
  const log = await openLog(path);
  if (log === undefined) throw new Error(`no log ${path}`);
  return log;
}

async function expectLines(log: Log, count: number): Promise<void> {
  expect(log.lineCount).toBe(count);
  for (const from of [1, 2, 9_999, count - 1, count]) {
    expect(await log.lines(from, 2)).toEqual(
      [from, from + 1].filter((line) => line <= count).map((line) => ({ line, text: lineOf(line) })),
    );
  }
  expect(await log.lines(count + 1, 5)).toEqual([]);
  expect((await log.lines(5, 30_000)).at(-1)).toEqual({ line: 30_004, text: lineOf(30_004) });
  expect(await log.search('object976', 20_000, 2)).toEqual([
    { line: 20_516, text: lineOf(20_516) },
    { line: 21_493, text: lineOf(21_493) },
  ]);
  expect(await log.search('object976', count - 10, 2)).toEqual([]);
}

test('any part of a log can be read and searched while it is written, and when it is packed', async () => {
  await using directory = await makeTemporaryDirectory('log-');
  const path = join(directory.path, 'x.log');
  const writer = new LogWriter(path);
  write(writer, 1, 50_000, '50001 gcc');
  expect(statSync(`${path}.marks`).size).toBeGreaterThan(0);
  await using log = await opened(path);
  expect(await log.lines(50_001, 9)).toEqual([{ line: 50_001, text: '50001 gcc' }]);
  writer.write(Buffer.from(lineOf(50_001).slice('50001 gcc'.length)));
  write(writer, 0, 0, '\n');
  write(writer, 50_002, 9_999);
  writer[Symbol.dispose]();
  await log.refresh();
  await expectLines(log, 60_000);
  const text = readFileSync(path);
  await packLog(path);
  expect([existsSync(path), existsSync(`${path}.marks`)]).toEqual([false, false]);
  expect(statSync(`${path}.zst`).size).toBeLessThan(text.length / 4);
  await using packed = await opened(path);
  expect(packed.isPacked).toBe(true);
  await expectLines(packed, 60_000);
  expect((await buffer(packed.pieces())).equals(text)).toBe(true);
  expect(execFileSync('zstd', ['-dc', `${path}.zst`], { maxBuffer: 1e8 }).equals(text)).toBe(true);
  await expectLines(log, 60_000); // whoever had it open still has
});

test('marks that are behind, or torn, or not there, change nothing', async () => {
  await using directory = await makeTemporaryDirectory('log-');
  const path = join(directory.path, 'x.log');
  {
    using writer = new LogWriter(path);
    write(writer, 1, 40_000);
  }
  appendFileSync(path, Array.from({ length: 20_000 }, (_, index) => `${lineOf(40_001 + index)}\n`).join(''));
  appendFileSync(`${path}.marks`, Buffer.from([1, 2, 3]));
  await using log = await opened(path);
  await expectLines(log, 60_000);
});

test('a small log stays what it is, an empty one too; a new one takes the place of an old one', async () => {
  await using directory = await makeTemporaryDirectory('log-');
  const path = join(directory.path, 'x.log');
  new LogWriter(path)[Symbol.dispose]();
  await packLog(path);
  {
    await using log = await opened(path);
    expect([log.lineCount, log.isPacked, await log.lines(1, 5)]).toEqual([0, false, []]);
  }
  const large = new LogWriter(path);
  write(large, 1, 10_000);
  large[Symbol.dispose]();
  await packLog(path);
  const small = new LogWriter(path);
  small.write(Buffer.from('again'));
  small[Symbol.dispose]();
  await packLog(path);
  await using log = await opened(path);
  expect(await log.lines(1, 5)).toEqual([{ line: 1, text: 'again' }]);
  expect(await openLog(join(directory.path, 'y.log'))).toBeUndefined();
});

test('a log that grows is followed until it is packed', async () => {
  await using directory = await makeTemporaryDirectory('log-');
  const path = join(directory.path, 'x.log');
  const writer = new LogWriter(path);
  write(writer, 1, 3);
  const lines: string[] = [];
  const { signal } = new AbortController();
  const following = (async () => {
    for await (const { text } of followLog(path, 2, { everyMs: 5, signal })) lines.push(text);
  })();
  await expect.poll(() => lines.length).toBe(1);
  write(writer, 4, 9_997);
  await expect.poll(() => lines.length).toBeGreaterThan(1);
  writer[Symbol.dispose]();
  await packLog(path);
  await following;
  expect(lines).toEqual(Array.from({ length: 9_999 }, (_, index) => lineOf(index + 2)));
});
