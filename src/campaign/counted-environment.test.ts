// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { countedEnvironment, environmentDifferences } from './counted-environment.ts';

test('the language counts and what is named, set or not', () => {
  const counted = countedEnvironment({ LC_ALL: 'C', HOME: '/home/bee', ARCH: 'i586' }, [
    'ARCH',
    'SUITE',
    'LC_ALL',
  ]);
  expect(counted).toMatchObject({ LC_ALL: 'C', LANG: null, ARCH: 'i586', SUITE: null });
  expect(Object.keys(counted)).not.toContain('HOME');
  expect(environmentDifferences(counted, { LC_ALL: 'C', ARCH: 'i586', HOME: '/' })).toEqual([]);
  expect(environmentDifferences(counted, { LC_ALL: 'C.UTF-8', SUITE: '' })).toEqual([
    { name: 'ARCH', before: 'i586', now: null },
    { name: 'LC_ALL', before: 'C', now: 'C.UTF-8' },
    { name: 'SUITE', before: null, now: '' },
  ]);
});
