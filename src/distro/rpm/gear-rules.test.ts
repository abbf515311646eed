// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { readGearRules } from './gear-rules.ts';

test.each([
  ['tar: .', undefined, true],
  ['spec: alt/hive.spec\ncopy: *.patch\n', 'alt/hive.spec', false],
  ['tar.xz: @version@:. name=@name@-@version@', undefined, true],
  ['copy?: *.patch\n# tar: .\ntags: v@version@', undefined, false],
  ['diff?: v@version@:. . name=hive.patch', undefined, true],
  ['spec: ../hive.spec\ngzip: *.txt', undefined, true],
  ['spec: /hive.spec', undefined, false],
  ['', undefined, false],
])('%j', (text, spec, makeFiles) => {
  expect(readGearRules(text)).toEqual({ spec, makeFiles });
});
