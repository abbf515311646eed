// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { chooseTaskSettings } from './task-settings.ts';

const gibibyte = 1024 ** 3;
const host = { cores: 8, totalBytes: 32 * gibibyte, availableBytes: 24 * gibibyte, hasTmpfsUpper: true };
const request = { tasks: 100, upper: 'auto' } as const;

test('as many workers as cores, and the memory that is available without a reserve', () => {
  expect(chooseTaskSettings(host, request)).toMatchObject({
    workers: 8,
    resources: { cores: 8, memoryBytes: 23 * gibibyte, reserveBytes: gibibyte / 2 },
  });
  expect(chooseTaskSettings(host, { ...request, tasks: 3 }).workers).toBe(3);
  expect(chooseTaskSettings(host, { ...request, jobs: 20 }).workers).toBe(20);
});

test('small uppers go to memory, as far as a worker’s share of the budget allows', () => {
  const settings = chooseTaskSettings(host, { ...request, memoryBytes: 8 * gibibyte });
  expect(settings.resources).toMatchObject({ memoryBytes: 8 * gibibyte });
  expect(settings.resources.uppers).toMatchObject({
    place: 'auto',
    tmpfsBytes: 0.75 * gibibyte,
    largestTmpfsBytes: 0.375 * gibibyte,
  });
  expect(settings.upper).toMatchObject({ kind: 'tmpfs' });
});

test('where there can be no upper in memory all go to disk, with the size that was asked for', () => {
  const without = { ...host, hasTmpfsUpper: false };
  expect(chooseTaskSettings(without, { ...request, upperSizeBytes: 5 }).upper).toEqual({
    kind: 'disk',
    sizeBytes: 5,
  });
  expect(chooseTaskSettings(without, request).upper).toEqual({ kind: 'disk' });
});
