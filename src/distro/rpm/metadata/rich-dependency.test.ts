// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { readRichDependency } from './rich-dependency.ts';

test.each([
  ['lua >= 5.4', undefined],
  ['libc.so.6(GLIBC_2.34)(64bit)', undefined],
  ['(gcc and clang)', { operator: 'and', parts: ['gcc', 'clang'] }],
  ['(a >= 1 and pkgconfig(b) and c)', { operator: 'and', parts: ['a >= 1', 'pkgconfig(b)', 'c'] }],
  ['((a with a < 2) or (b and c) or d)', { operator: 'or', parts: ['(a with a < 2)', '(b and c)', 'd'] }],
  ['(a if (b or c) else d)', { operator: 'if', parts: ['a', '(b or c) else d'] }],
] as const)('%s', (dependency, read) => {
  expect(readRichDependency(dependency)).toEqual(read);
});
