// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { PasekaError } from './paseka-error.ts';
import { unwrapSuppressed } from './unwrap-suppressed.ts';

const full = new PasekaError('disk-full', 'no space', 'free some');
const busy = new PasekaError('state-busy', 'in use', 'wait');
const bug = new TypeError('undefined is not a function');

/** What is thrown where giving something back fails after `first`. */
function after(first: unknown, later: unknown): unknown {
  try {
    using _resource = {
      [Symbol.dispose]: () => {
        throw later;
      },
    };
    throw first;
  } catch (error) {
    return error;
  }
}

test('of two errors the first is told, and a bug before any other', () => {
  expect(unwrapSuppressed(full)).toBe(full);
  expect(unwrapSuppressed(after(busy, full))).toBe(busy);
  expect(unwrapSuppressed(after(after(busy, full), full))).toBe(busy);
  expect(unwrapSuppressed(after(busy, bug))).toBe(bug);
  expect(unwrapSuppressed(after(bug, full))).toBe(bug);
});
