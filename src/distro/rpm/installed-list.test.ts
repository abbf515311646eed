// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { deviationFromPlan } from './installed-list.ts';

const planned = [
  { name: 'comb', version: '1:2-1', architecture: 'x86_64' },
  { name: 'wax', version: '3-1', architecture: 'noarch' },
];
const before = [
  'bee 1-1.x86_64',
  'comb 1-1.x86_64',
  'comb 1-1.i686',
  'gpg-pubkey 1-1.(none)',
  'wax 2-1.x86_64',
];
const after = [
  'bee 1-1.x86_64',
  'comb 1-1.i686',
  'comb 2-1.x86_64',
  'gpg-pubkey 1-1.(none)',
  'wax 3-1.noarch',
];

test('new versions take the place of others, and all else stays', () => {
  expect(deviationFromPlan(planned, before, after)).toBeUndefined();
  expect(deviationFromPlan(planned, after, after)).toBeUndefined();
  expect(deviationFromPlan([], before, before)).toBeUndefined();
  const noarch = [{ name: 'comb', version: '2-1', architecture: 'x86_64' }];
  expect(deviationFromPlan(noarch, ['comb 1-1.noarch'], ['comb 2-1.x86_64'])).toBeUndefined();
});

test('what is more, less, or in another version is told', () => {
  expect(deviationFromPlan(planned, before, [])).toBe('rpm finds 0 packages after it, and 5 were planned');
  expect(deviationFromPlan(planned, before, after.slice(1))).toBe(
    'rpm finds 4 packages after it, and 5 were planned',
  );
  const stale = after.map((line) => (line.startsWith('wax') ? 'wax 2-1.x86_64' : line));
  expect(deviationFromPlan(planned, before, stale)).toBe('rpm does not find wax 3-1.noarch after it');
});
