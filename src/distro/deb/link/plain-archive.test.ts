// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { arHeader } from './plain-archive.ts';

test('a header of a member has sixty bytes', () => {
  expect(arHeader('data.tar', 1_234_567)).toBe(
    'data.tar        0           0     0     100644  1234567   `\n',
  );
  expect(arHeader('debian-binary', 4)).toHaveLength(60);
});
