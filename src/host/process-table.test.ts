// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProcessStat } from './process-table.ts';

test('the name of a process does not confuse its stat line', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 15 }), (name) => {
      expect(parseProcessStat(`7 (${name}) S 1 2 3\n`).slice(0, 4)).toEqual(['S', '1', '2', '3']);
    }),
    { examples: [[') R 9 9'], ['a b\nc'], ['((']] },
  );
});
