// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readElf } from './read-elf.ts';
import { type SmallElf, smallElf, smallSymbol, writeSmallElf } from './small-elf.ts';

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_.]{0,12}$/);
const symbol = fc
  .tuple(name, fc.boolean(), fc.boolean(), fc.boolean(), fc.option(name, { nil: undefined }), name)
  .map(([text, isDefined, isWeak, isVisible, version, versionFrom]) =>
    smallSymbol(text, {
      isDefined,
      isWeak,
      isVisible,
      ...(version === undefined ? {} : { version, ...(isDefined ? {} : { versionFrom }) }),
    }),
  );
const elf: fc.Arbitrary<SmallElf> = fc
  .record({
    bits: fc.constantFrom(32, 64),
    byteOrder: fc.constantFrom('little', 'big'),
    soname: fc.option(name, { nil: undefined }),
    needed: fc.array(name, { maxLength: 3 }),
    runpath: fc.array(name, { maxLength: 2 }),
    symbols: fc.array(symbol, { maxLength: 8 }),
  })
  .map(({ soname, ...rest }) => ({ ...rest, ...(soname === undefined ? {} : { soname }) }) as SmallElf);

test('reads what was written, of either word size and byte order', () => {
  fc.assert(
    fc.property(elf, (written) => {
      const reading = readElf(writeSmallElf(written));
      expect(reading).toEqual({
        kind: 'object',
        object: { ...written, machine: 62, type: 'shared', rpath: [] },
      });
    }),
  );
});

test('no content of a file throws: changed, cut off, or no object at all', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(elf, fc.array(change, { maxLength: 12 }), fc.option(fc.nat()), (written, changes, cut) => {
      const bytes = Uint8Array.from(writeSmallElf(written));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const reading = readElf(cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
      expect(['object', 'not-elf', 'malformed']).toContain(reading.kind);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
      const bytes = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, ...tail]);
      expect(['object', 'malformed']).toContain(readElf(bytes).kind);
    }),
  );
});

test('says what is wrong with a malformed file', () => {
  const bytes = Uint8Array.from(writeSmallElf(smallElf({ symbols: [smallSymbol('a')] })));
  expect(readElf(bytes.subarray(0, 80))).toEqual({
    kind: 'malformed',
    why: 'the table of segments lies outside of the file',
  });
  expect(readElf(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 3, 1))).toEqual({
    kind: 'malformed',
    why: 'its word size is neither 32 nor 64 bits',
  });
  expect(readElf(Buffer.from('#!/bin/sh\n'))).toEqual({ kind: 'not-elf' });
});
