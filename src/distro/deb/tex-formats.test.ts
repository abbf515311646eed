// SPDX-License-Identifier: GPL-2.0-or-later
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { areFormatsOfOtherTimes } from './tex-formats.ts';

const memory = Buffer.from('memory of TeX, made at 131 minutes of day 25');
const later = Buffer.from('memory of TeX, made at 132 minutes of day 26');
const path = '/var/lib/texmf/web2c/pdftex/latex.fmt';

test('formats that differ in a few bytes of the same place are of other times, packed or not', () => {
  expect(areFormatsOfOtherTimes(path, memory, later)).toBe(true);
  expect(areFormatsOfOtherTimes(path, gzipSync(memory), gzipSync(later))).toBe(true);
});

test('what differs in more, in length or can not be unpacked is something else', () => {
  expect(areFormatsOfOtherTimes(path, memory, Buffer.from(memory.toString().toUpperCase()))).toBe(false);
  expect(areFormatsOfOtherTimes(path, memory, later.subarray(1))).toBe(false);
  expect(areFormatsOfOtherTimes(path, gzipSync(memory).subarray(0, 20), gzipSync(later))).toBe(false);
});

test('no other file may differ like that', () => {
  for (const other of [
    '/usr/share/texmf/latex.fmt',
    '/var/lib/texmf/web2c/luatex/luatex.fmt',
    '/etc/hostname',
  ]) {
    expect(areFormatsOfOtherTimes(other, memory, later)).toBe(false);
  }
});
