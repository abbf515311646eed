// SPDX-License-Identifier: GPL-2.0-or-later
import { array, assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { prefixLines } from './prefixed-lines.ts';

function prefixed(chunks: readonly string[]): string[] {
  const written: string[] = [];
  const lines = prefixLines('7: ', (line) => void written.push(Buffer.from(line).toString()));
  for (const chunk of chunks) lines.add(Buffer.from(chunk));
  lines.end();
  return written;
}

test('lines are whole whatever the chunks', () => {
  expect(prefixed(['on', 'e\ntwo\n\nth', 'ree'])).toEqual(['7: one\n', '7: two\n', '7: \n', '7: three\n']);
  assert(
    property(array(string()), (chunks) => {
      const text = chunks.join('');
      const lines = text.replace(/\n$/, '').split('\n');
      expect(prefixed(chunks)).toEqual(text === '' ? [] : lines.map((line) => `7: ${line}\n`));
    }),
  );
});

test('a line without an end is cut, not kept for ever', () => {
  const written = prefixed(['x'.repeat(150_000)]);
  expect(written.map((line) => line.length)).toEqual([65_536 + 4, 65_536 + 4, 150_000 - 2 * 65_536 + 4]);
});
