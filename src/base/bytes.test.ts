// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { formatBytes, parseBytes } from './bytes.ts';

test.each([
  ['512', 512],
  ['64K', 65_536],
  ['1.5G', 1_610_612_736],
  ['2GiB', 2_147_483_648],
  [' 3 mb ', 3_145_728],
])('%j is %i bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', '-1', 'many', '1.G', '1 K B', '5X'])('%j is no size', (text) => {
  expect(parseBytes(text)).toBeUndefined();
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [3_460_300, '3.3 MB'],
  [12 * 1024, '12 kB'],
])('%i bytes are shown as %j', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
