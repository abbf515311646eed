// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { compareDescriptions } from './compare-descriptions.ts';

test('lines that one root has more often', () => {
  expect(compareDescriptions(['wax', 'bee', 'bee'], ['bee', 'bee', 'wax'])).toEqual([]);
  expect(compareDescriptions(['wax', 'bee', 'bee'], ['bee', 'comb'])).toEqual([
    { path: 'bee', what: 'record', left: 'said 2 times', right: 'said' },
    { path: 'comb', what: 'record', left: 'not said', right: 'said' },
    { path: 'wax', what: 'record', left: 'said', right: 'not said' },
  ]);
});
