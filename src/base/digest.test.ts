// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOfParts, parseSha256, sha256 } from './digest.ts';

test('the SHA-256 of the empty string', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('only 64 lower-case hexadecimal digits are a SHA-256', () => {
  const digest = sha256('x');
  expect(parseSha256(digest)).toBe(digest);
  for (const wrong of [digest.toUpperCase(), digest.slice(1), `${digest}0`, '']) {
    expect(parseSha256(wrong)).toBeUndefined();
  }
});

test('different parts never run together to the same digest', () => {
  const parts = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const [a, b] = [Object.fromEntries(left), Object.fromEntries(right)];
      const isSame = JSON.stringify(Object.entries(a)) === JSON.stringify(Object.entries(b));
      expect(digestOfParts(a) === digestOfParts(b)).toBe(isSame);
    }),
  );
  expect(digestOfParts({ a: 'b', c: 'd' })).not.toBe(digestOfParts({ a: 'b1:c1:d' }));
});
