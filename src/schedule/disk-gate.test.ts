// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { diskReason } from './disk-gate.ts';

const megabyte = 1024 ** 2;

test('nothing begins without room, and begins again when there is clearly more', () => {
  expect(diskReason(200 * megabyte, false)).toBeUndefined();
  expect(diskReason(100 * megabyte, false)).toMatch(/^only 100 MB are free/);
  expect(diskReason(150 * megabyte, false)).toBeUndefined();
  expect(diskReason(150 * megabyte, true)).toMatch(/^only 150 MB/);
  expect(diskReason(200 * megabyte, true)).toBeUndefined();
  expect(diskReason(0, true)).toMatch(/^only 0 B/);
});
