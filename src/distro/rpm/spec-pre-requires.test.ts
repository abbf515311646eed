// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPreRequires } from './spec-pre-requires.ts';

test.each([
  ['BuildRequires(pre): rpm-macros-hive', ['rpm-macros-hive']],
  [
    'BuildRequires(Pre):rpm-macros-hive rpm-build-comb, rpm-macros-hive',
    ['rpm-macros-hive', 'rpm-build-comb'],
  ],
  ['buildrequires(pre) : a >= 1.0-alt1 b=2, c < 3 d', ['a >= 1.0-alt1', 'b = 2', 'c < 3', 'd']],
  ['BuildRequires(pre): a >= %version %hive_requires b-%suffix c', ['a', 'c']],
  ['BuildRequires(pre): a\n%if 0\nBuildRequires(pre): b\r\n%endif', ['a', 'b']],
  ['BuildRequires: a\n#BuildRequires(pre): b\n BuildRequires(pre): c\nRequires(pre): d', []],
])('%j', (spec, requires) => {
  expect(readPreRequires(spec)).toEqual(requires);
});

test('no word with a macro is ever asked for', () => {
  const line = fc.stringMatching(/^[a-z%{}<>=, 1.-]{0,20}$/);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const spec = lines.map((said) => `BuildRequires(pre): ${said}`).join('\n');
      for (const one of readPreRequires(spec)) expect(one).toMatch(/^[^%\s]+( (<|<=|=|==|>=|>) [^%\s]+)?$/);
    }),
  );
});
