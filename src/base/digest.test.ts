// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentName, digestOfParts, parseSha256, sha256 } from './digest.ts';

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

test('files are called by their SHA-256, or by a name made of another digest', () => {
  const digest = sha256('x');
  expect(contentName('sha256', digest)).toBe(digest);
  const md5 = contentName('md5', 'ab'.repeat(16));
  expect(parseSha256(md5)).toBe(md5);
  expect(contentName('blake2b512', 'ab'.repeat(16))).not.toBe(md5);
  expect(contentName('md5', 'ba'.repeat(16))).not.toBe(md5);
});
