// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { isNamedIn } from './read-unpacked-files.ts';

test('a script names a path, and not what only begins like it', () => {
  const preinst = 'dpkg-divert --divert /usr/bin/perl5.real --rename /usr/bin/perl5\n';
  expect(isNamedIn(preinst, '/usr/bin/perl5')).toBe(true);
  expect(isNamedIn(preinst, '/usr/bin/perl')).toBe(false);
  expect(isNamedIn('dpkg-divert --rename "/lib/libx.so.1"', '/usr/lib/libx.so.1')).toBe(true);
  expect(isNamedIn('dpkg-divert --rename "/lib/libx.so.1"', '/usr/lib/libx.so')).toBe(false);
});
