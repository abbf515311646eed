// SPDX-License-Identifier: GPL-2.0-or-later
import { assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { escapePath, overlayOptions } from './overlay-options.ts';

test('options differ by namespace', () => {
  const directories = { lower: ['/b', '/a'], upper: '/u', work: '/w' };
  expect(overlayOptions(directories, false)).toBe(
    'lowerdir=/b:/a,upperdir=/u,workdir=/w,volatile,index=off,xino=off,redirect_dir=on',
  );
  expect(overlayOptions(directories, true)).toMatch(/,userxattr$/);
});

test('an escaped path reads back as itself and holds no bare separator', () => {
  assert(
    property(string({ unit: constantFrom('a', '/', '\\', ':', ',') }), (path) => {
      const escaped = escapePath(path);
      expect(escaped.replaceAll(/\\(.)/g, '$1')).toBe(path);
      expect(escaped.replaceAll(/\\./g, '')).not.toMatch(/[:,\\]/);
    }),
  );
});

test('too long a list is refused, not cut', () => {
  const lower = Array.from({ length: 60 }, (_, index) => `/state/layers/${'0'.repeat(64)}${index}`);
  expect(() => overlayOptions({ lower, upper: '/u', work: '/w' }, false)).toThrow(
    expect.objectContaining({ code: 'mount-failed' }),
  );
});
