// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEvr, compareRpmVersions, formatEvr, parseEvr } from './rpm-version.ts';

const anyVersion = fc.stringMatching(/^[0-9a-zA-Z.~^_+]{0,8}$/);
const anyEvr = fc
  .tuple(fc.constantFrom('', '0:', '1:', '12:'), anyVersion, fc.constantFrom('', '-'), anyVersion)
  .map(([epoch, version, hyphen, release]) => epoch + version + (hyphen === '' ? '' : hyphen + release));

test.each([
  ['1.0', '1.0', 0],
  ['1.0', '2.0', -1],
  ['2.0.1', '2.0.1a', -1],
  ['5.5p1', '5.5p10', -1],
  ['10xyz', '10.1xyz', -1],
  ['xyz10', 'xyz10.1', -1],
  ['xyz.4', '8', -1],
  ['5.6', '5.06', 0],
  ['1.0', '1.0.', 0],
  ['a_b', 'a.b', 0],
  ['1.0~rc1', '1.0', -1],
  ['1.0~rc1', '1.0~rc2', -1],
  ['1.0~rc1~git1', '1.0~rc1', -1],
  ['1.0^', '1.0', 1],
  ['1.0^git1', '1.0.1', -1],
  ['1.0^git1', '1.0^git2', -1],
  ['1.0^git1~pre', '1.0^git1', -1],
  ['1.0~rc1^git1', '1.0~rc1', 1],
])('%s against %s', (a, b, order) => {
  expect(compareRpmVersions(a, b)).toBe(order);
  expect(compareRpmVersions(b, a)).toBe(0 - order);
});

test('whole versions: epoch, version, release', () => {
  expect(compareEvr('1:1-1', '2-1')).toBe(1);
  expect(compareEvr('0:2-1', '2-1')).toBe(0);
  expect(compareEvr('2-1', '2-2')).toBe(-1);
  expect(compareEvr('2', '2-1')).toBe(-1);
  expect(parseEvr('3:1.2-alt1')).toEqual({ epoch: 3, version: '1.2', release: 'alt1' });
  expect(parseEvr('1.2')).toEqual({ epoch: 0, version: '1.2' });
  expect(parseEvr('a:1-2-3')).toEqual({ epoch: 0, version: 'a:1-2', release: '3' });
});

test('the order of any three versions is one', () => {
  fc.assert(
    fc.property(anyEvr, anyEvr, anyEvr, (a, b, c) => {
      expect(compareEvr(a, a)).toBe(0);
      expect(compareEvr(b, a)).toBe(0 - compareEvr(a, b));
      const sorted = [a, b, c].sort(compareEvr);
      expect(compareEvr(sorted[0] ?? '', sorted[2] ?? '')).toBeLessThanOrEqual(0);
      expect(compareEvr(formatEvr(parseEvr(a)), a)).toBe(0);
    }),
  );
});
