// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['90', 90_000],
  ['0.5', 500],
  ['250ms', 250],
  ['30s', 30_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['7d', 604_800_000],
])('%j is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'soon', '1w', '-5s', '4 h', 'h'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [340, '0.34 s'],
  [2_800, '2.8 s'],
  [47_000, '47 s'],
  [187_000, '3:07'],
  [3_723_000, '1:02:03'],
])('%i ms are shown as %j', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
