// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { changeText } from './change-text.ts';

const named = (name: string) => ({ name, version: '1' });

test('changed sources come before packages, and of many the first three', () => {
  expect(changeText(undefined)).toBe('');
  expect(changeText({ packages: [], sources: [named('a')] })).toBe('a 1 (source)');
  expect(changeText({ packages: [named('b'), named('c')], sources: [named('a')] })).toBe(
    'a 1 (source), b 1, c 1',
  );
  expect(changeText({ packages: [named('b'), named('c'), named('d'), named('e')] })).toBe(
    'b 1, c 1, d 1 and 1 more',
  );
});
