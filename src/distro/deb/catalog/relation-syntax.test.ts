// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRelationAtom, parseRelations, RelationSyntaxError } from './relation-syntax.ts';

const atom = fc.record({
  name: fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{0,12}$/),
  qualifier: fc.constantFrom('', 'any', 'native', 'i386'),
  relation: fc.constantFrom('', '<<', '<=', '=', '>=', '>>'),
  version: fc.stringMatching(/^[0-9][A-Za-z0-9.+~:-]{0,8}$/),
  architectures: fc.constantFrom('', 'amd64', '!hurd-i386 !armel', 'linux-any'),
  profiles: fc.constantFrom('', '<!nocheck>', '<cross> <stage1 !nodoc>'),
});

describe('relationship fields', () => {
  test('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.array(atom, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), (clauses) => {
        const wanted = clauses.map((alternatives) =>
          alternatives.map((one) => (one.relation === '' ? { ...one, version: '' } : one)),
        );
        const text = wanted
          .map((alternatives) =>
            alternatives
              .map((one) => {
                const restriction = one.architectures === '' ? '' : ` [${one.architectures}]`;
                return `${formatRelationAtom(one)}${restriction} ${one.profiles}`;
              })
              .join(' | '),
          )
          .join(',\n ');
        expect(parseRelations(text)).toEqual(wanted);
      }),
    );
  });

  test('may have superfluous commas and old relations', () => {
    expect(parseRelations('\n a (< 1),, b(>2) ,').map(([one]) => one && formatRelationAtom(one))).toEqual([
      'a (<= 1)',
      'b (>= 2)',
    ]);
  });

  test.each(['a (>= 1', 'a b', 'a | ', 'a (1)', 'a [amd64', '(= 1)', 'a <!x'])('%s is refused', (text) => {
    expect(() => parseRelations(text)).toThrow(RelationSyntaxError);
  });

  test('never fail in another way', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseRelations(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RelationSyntaxError);
        }
      }),
    );
  });
});
