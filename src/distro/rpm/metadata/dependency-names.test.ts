// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { dependencyNames } from './dependency-names.ts';

test.each([
  ['lua', ['lua']],
  ['lua >= 5.4', ['lua']],
  ['libc.so.6(GLIBC_2.34)(64bit)', ['libc.so.6(GLIBC_2.34)(64bit)']],
  ['/usr/bin/perl', ['/usr/bin/perl']],
  ['if', ['if']],
  ['(gcc or clang)', ['gcc', 'clang']],
  ['(gcc >= 12 or (clang and lld = 1:2-3))', ['gcc', 'clang', 'lld']],
  ['(pkgconfig(lua) >= 5 if lua-devel else tolua)', ['pkgconfig(lua)', 'lua-devel', 'tolua']],
  ['((a with b) unless pkgconfig(c))', ['a', 'b', 'pkgconfig(c)']],
])('%s', (dependency, names) => {
  expect(dependencyNames(dependency)).toEqual(names);
});
