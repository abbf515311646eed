// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { busyBetween, parseProcessorTimes } from './host-gauge.ts';

test('how busy processors were between two looks', () => {
  const before = parseProcessorTimes('cpu  100 0 50 800 50 0 0 0 7 7\ncpu0 1 2 3 4 5 6 7 8 0 0\n');
  expect(before).toEqual({ total: 1000, idle: 850 });
  const after = parseProcessorTimes('cpu  160 0 65 820 55 0 0 0 9 9\n');
  expect(busyBetween(before, after)).toBe(0.75);
  expect(busyBetween(before, before)).toBe(0);
});
