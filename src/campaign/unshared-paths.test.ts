// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { unsharedPaths } from './unshared-paths.ts';

test('what was to stay shared is found by its name or by its path in the clone', () => {
  const at = '/home/bee/hasher';
  const written = [
    'aptbox',
    'aptbox/var/cache/apt/pkgcache.bin',
    'aptbox/var/cache/apt/srcpkgcache.bin',
    'chroot/bin/true.bin/file',
  ].map((path) => `${at}/${path}`);
  const found = (...globs: string[]): readonly string[] =>
    unsharedPaths(written, { at, globs }).map((path) => path.slice(at.length + 1));
  expect(found('*.bin')).toEqual([
    'aptbox/var/cache/apt/pkgcache.bin',
    'aptbox/var/cache/apt/srcpkgcache.bin',
  ]);
  expect(found('aptbox/*/cache/apt/src*.bin', '/aptbox')).toEqual([
    'aptbox',
    'aptbox/var/cache/apt/srcpkgcache.bin',
  ]);
  expect(found('chroot/**')).toEqual(['chroot/bin/true.bin/file']);
  expect(found('*.rpm')).toEqual([]);
});
