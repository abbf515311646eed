// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeb822 } from '../deb822.ts';
import { IndexSyntaxError, scanIndex } from './index-scanner.ts';

function scan(text: string, wanted: readonly string[]): Record<string, string>[] {
  const paragraphs: Record<string, string>[] = [];
  for (const { fields } of scanIndex(Buffer.from(text), new Set(wanted))) {
    paragraphs.push(Object.fromEntries(fields));
  }
  return paragraphs;
}

const word = fc
  .stringMatching(/^[!-9;-~]{1,8}$/)
  .filter((text) => !text.startsWith('#') && !text.startsWith('-'));
const paragraph = fc.uniqueArray(fc.tuple(word, fc.array(word, { minLength: 1, maxLength: 3 })), {
  minLength: 1,
  maxLength: 4,
  selector: ([name]) => name.toLowerCase(),
});

describe('scanning an index', () => {
  test('agrees with the parser of whole files', () => {
    fc.assert(
      fc.property(fc.array(paragraph, { maxLength: 4 }), (paragraphs) => {
        const text = paragraphs
          .map((fields) => fields.map(([name, lines]) => `${name}: ${lines.join('\n ')}\n`).join(''))
          .join('\n');
        const names = paragraphs.flatMap((fields) => fields.map(([name]) => name.toLowerCase()));
        expect(scan(text, names)).toEqual(parseDeb822(text).map((fields) => Object.fromEntries(fields)));
      }),
    );
  });

  test('skips what is not wanted, reads a last line without an end, counts lines', () => {
    const text = 'A: 1\nB: x\n y\n\n\r\nA: 2\nC: é';
    expect(scan(text, ['a'])).toEqual([{ a: '1' }, { a: '2' }]);
    expect(scan(text, ['b', 'c'])).toEqual([{ b: 'x\ny' }, { c: 'é' }]);
    expect([...scanIndex(Buffer.from(text), new Set())].map(({ line }) => line)).toEqual([1, 6]);
  });

  test.each([
    ['A: 1\nrubbish\n', 2],
    [' A: 1\n', 1],
    ['A: 1\n\n: x\n', 3],
    ['A b: 1\n', 1],
  ])('%j is refused with its line', (text, line) => {
    try {
      scan(text, ['a']);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(IndexSyntaxError);
      expect((error as IndexSyntaxError).line).toBe(line);
    }
  });
});
