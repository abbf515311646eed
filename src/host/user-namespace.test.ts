// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { outerUidOf } from './user-namespace.ts';

test('root of the machine, an ordinary user, and who is not mapped', () => {
  expect(outerUidOf(0, '         0          0 4294967295\n')).toBe(0);
  const mapped = '         0       1001          1\n         1     100000      65535\n';
  expect(outerUidOf(0, mapped)).toBe(1001);
  expect(outerUidOf(1000, mapped)).toBe(100999);
  expect(outerUidOf(70000, mapped)).toBe(65534);
});
