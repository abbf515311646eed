// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { didYouMean, nearestNames } from './nearest-names.ts';

const names = ['hello', 'hello-traditional', 'jello', 'tree', 'zlib'];

test('the nearest names come first, then those that begin with the word', () => {
  expect(nearestNames('helo', names)).toEqual(['hello', 'jello']);
  expect(nearestNames('rtee', names), 'letters that changed places').toEqual(['tree']);
  expect(nearestNames('hello', names)).toEqual(['hello', 'jello', 'hello-traditional']);
});

test('at most as many as asked for, and none where none is near', () => {
  expect(nearestNames('hello', names, 1)).toEqual(['hello']);
  expect(nearestNames('xorg', names)).toEqual([]);
});

test('a question for one, two and three names', () => {
  expect(didYouMean(['a'], 'no')).toBe('did you mean a?');
  expect(didYouMean(['a', 'b'], 'no')).toBe('did you mean a or b?');
  expect(didYouMean(['a', 'b', 'c'], 'no')).toBe('did you mean a, b or c?');
  expect(didYouMean([], 'no')).toBe('no');
});
