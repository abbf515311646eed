// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineMarks, lineText, splitLines } from './line-marks.ts';

const piece = fc.oneof(
  fc.constantFrom('', '\n', '\n\n', 'x', 'x\ny', 'żółw\n'),
  fc.nat({ max: 700_000 }).map((length) => 'a'.repeat(length)),
  fc.nat({ max: 60_000 }).map((count) => 'ab\n'.repeat(count)),
);

function linesOf(text: Buffer): string[] {
  return [...splitLines(text)].map((line) => lineText(line));
}

/** The text from each mark to the next. */
function cut(text: Buffer, marks: LineMarks): Buffer[] {
  return marks.marks.map(({ offset }, place) => text.subarray(offset, marks.marks[place + 1]?.offset));
}

test('however a text is given, its marks cut it where lines begin, and the lines of the parts are those of the whole', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = Buffer.from(pieces.join(''));
      const once = new LineMarks();
      once.add(text);
      const bit = new LineMarks();
      for (const one of pieces) bit.add(Buffer.from(one));
      expect(bit.marks).toEqual(once.marks);
      const lines = linesOf(text);
      expect(bit.lineCount).toBe(lines.length);
      const parts = cut(text, once).map(linesOf);
      expect(parts.flat()).toEqual(lines);
      let before = 0;
      for (const [place, part] of parts.entries()) {
        expect(once.marks[place]?.lines).toBe(before);
        before += part.length;
      }
    }),
    { numRuns: 20 },
  );
});

test('lines are what lies between newlines, but for those that are too long', () => {
  expect(linesOf(Buffer.from('a\n\nb'))).toEqual(['a', '', 'b']);
  expect(linesOf(Buffer.from(''))).toEqual([]);
  const long = 'y'.repeat(2.5 * 1024 * 1024);
  expect(linesOf(Buffer.from(`${long}\nz\n`)).map((line) => line.length)).toEqual([
    1024 * 1024,
    1024 * 1024,
    512 * 1024,
    1,
  ]);
});

test('a line is cut by bytes, and says so', () => {
  expect(lineText(Buffer.from('żółw'), 7)).toBe('żółw');
  expect(lineText(Buffer.from('żółw'), 4)).toBe('żó…');
  expect(lineText(Buffer.from('żółw'), 3)).toBe('ż\ufffd…');
});

test('goes on from marks that were kept', () => {
  const text = Buffer.from('line\n'.repeat(200_000));
  const whole = new LineMarks();
  whole.add(text);
  const kept = whole.marks.slice(0, 3);
  const rest = new LineMarks(kept);
  rest.add(text.subarray(kept.at(-1)?.offset));
  expect(rest.marks).toEqual(whole.marks);
  expect(rest.lineCount).toBe(200_000);
});
