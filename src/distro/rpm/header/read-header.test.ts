// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeaderEntry, type HeaderType, headerTypes, unitBytes } from './header-entry.ts';
import { headerTags, regionTags } from './header-tags.ts';
import { numbersOf, textOf, textsOf } from './header-values.ts';
import { readHeader } from './read-header.ts';
import { promisedBytes, promisedDigests, readRpmStart } from './read-rpm.ts';
import { RpmFormatError } from './rpm-format-error.ts';
import { makeSmallRpm, smallEntries, withRegion } from './small-rpm.ts';
import { numbersEntry, textEntry, textsEntry, writeHeader } from './write-header.ts';

const types = Object.values(headerTypes);

const anyEntry: fc.Arbitrary<HeaderEntry> = fc
  .record({
    tag: fc.integer({ min: 100, max: 0x7ffffffe }),
    type: fc.constantFrom(...types),
    texts: fc.array(fc.stringMatching(/^[^\0]{0,12}$/u), { minLength: 1, maxLength: 5 }),
    numbers: fc.uint8Array({ minLength: 8, maxLength: 64 }),
  })
  .map(({ tag, type, texts, numbers }) => {
    const unit = unitBytes(type);
    if (unit === undefined) {
      const some = type === headerTypes.string ? texts.slice(0, 1) : texts;
      return { ...textsEntry(tag, some), type };
    }
    const count = Math.floor(numbers.length / unit);
    return { tag, type, count, data: numbers.slice(0, count * unit) };
  });

const anyEntries = fc.uniqueArray(anyEntry, { selector: ({ tag }) => tag, minLength: 1, maxLength: 20 });

describe('any header', () => {
  test('is read as it was written, with and without a signed part', () => {
    fc.assert(
      fc.property(anyEntries, fc.boolean(), (entries, isSigned) => {
        const bytes = isSigned ? withRegion(entries, regionTags.immutable) : writeHeader(entries);
        const header = readHeader(bytes, 0);
        expect(header.end).toBe(bytes.length);
        expect([...header.entries.values()].map(plain)).toEqual(
          entries.toSorted((a, b) => a.tag - b.tag).map(plain),
        );
        if (isSigned) expect(Buffer.concat(header.signed).equals(bytes)).toBe(true);
        else expect(header.signed).toEqual([]);
      }),
    );
  });

  test('that ends early or has any byte changed is read or refused, and never anything else', () => {
    const bytes = makeSmallRpm();
    for (let length = 0; length < bytes.length; length++) {
      const start = readOrRefuse(bytes.subarray(0, length));
      if (typeof start === 'number') expect(start).toBeGreaterThan(length);
    }
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.nat(255),
        fc.nat(bytes.length - 1),
        fc.nat(255),
        (i, a, j, b) => {
          const changed = Uint8Array.from(bytes);
          changed[i] = a;
          changed[j] = b;
          const start = readOrRefuse(changed);
          if (typeof start !== 'object') return;
          for (const tag of start.header.entries.keys()) {
            for (const read of [numbersOf, textsOf]) refusing(() => read(start.header, tag));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a header that lies', () => {
  const [name, version] = [textEntry(headerTags.NAME, 'hive'), textEntry(headerTags.VERSION, '1.0')];
  const lies: Record<string, (view: DataView, bytes: Uint8Array) => void> = {
    'has no entries': (view) => view.setUint32(8, 0),
    'has too many entries': (view) => view.setUint32(8, 0x10000),
    'has too large a store': (view) => view.setUint32(12, 0x10000000),
    'is longer than the file': (view) => view.setUint32(12, 100),
    'has another magic': (view) => view.setUint8(3, 2),
    'has a tag that is none': (view) => view.setInt32(16, 99),
    'has a negative tag': (view) => view.setInt32(16, -1),
    'has a type that is none': (view) => view.setUint32(20, 10),
    'has the type of nothing': (view) => view.setUint32(20, 0),
    'has an entry before the store': (view) => view.setInt32(24, -1),
    'has an entry after the store': (view) => view.setInt32(24, 9),
    'has an empty entry': (view) => view.setUint32(28, 0),
    'has a string that is several': (view) => view.setUint32(28, 2),
    'has two entries in one place': (view) => view.setInt32(40, 4),
    'has a string without end': (_, bytes) => bytes.fill(1, bytes.length - 1),
    'has a number that is not aligned': (view) => {
      view.setUint32(36, headerTypes.int16);
    },
    'has numbers that end outside': (view) => {
      view.setUint32(36, headerTypes.int8);
      view.setUint32(44, 0x7fffffff);
    },
  };
  test.each(Object.entries(lies))('%s', (_, lie) => {
    const bytes = writeHeader([name, version]);
    expect(readHeader(bytes, 0).entries.size).toBe(2);
    lie(new DataView(bytes.buffer), bytes);
    expect(() => readHeader(bytes, 0)).toThrow(RpmFormatError);
  });

  const regionLies: Record<string, (view: DataView, trailer: number) => void> = {
    'ends outside': (view) => view.setInt32(24, 0x7fff),
    'is closed by another tag': (view, trailer) => view.setInt32(trailer, regionTags.signatures),
    'is closed by another type': (view, trailer) => view.setUint32(trailer + 4, headerTypes.int32),
    'has more entries than there are': (view, trailer) => view.setInt32(trailer + 8, -16 * 4),
    'has a part of an entry': (view, trailer) => view.setInt32(trailer + 8, -17),
    'has no entry': (view, trailer) => view.setInt32(trailer + 8, 0),
    'leaves an entry out whose data is inside': (view, trailer) => view.setInt32(trailer + 8, -32),
    'is of another size': (view) => view.setUint32(28, 15),
  };
  test.each(Object.entries(regionLies))('its signed part %s', (_, lie) => {
    const bytes = withRegion([name, version], regionTags.immutable);
    lie(new DataView(bytes.buffer), bytes.length - 16);
    expect(() => readHeader(bytes, 0)).toThrow(RpmFormatError);
  });
});

test('what was added to a signed header counts, and is not among what was signed', () => {
  const bytes = withRegion([textEntry(headerTags.NAME, 'hive')], regionTags.immutable);
  const [count, store] = [2, bytes.subarray(48)];
  const added = new Uint8Array(bytes.length + 16 + 6);
  added.set(bytes.subarray(0, 48));
  added.set(store, 64);
  added.set(Buffer.from('added\0'), 64 + store.length);
  const view = new DataView(added.buffer);
  view.setUint32(8, count + 1);
  view.setUint32(12, store.length + 6);
  const place = [headerTags.NAME, headerTypes.string, store.length, 1];
  for (const [index, value] of place.entries()) view.setUint32(48 + index * 4, value);
  const header = readHeader(added, 0);
  expect(textOf(header, headerTags.NAME)).toBe('added');
  expect(Buffer.concat(header.signed).equals(bytes)).toBe(true);
});

test('a whole file: kind, places, promised digests', () => {
  const bytes = makeSmallRpm({ payload: 'some payload' });
  const start = readRpmStart(bytes);
  if (typeof start === 'number') throw new Error('it is all there');
  expect(start.isSource).toBe(false);
  expect(Buffer.from(bytes.subarray(start.payloadStart)).toString()).toBe('some payload');
  expect(promisedBytes(start)).toBe(bytes.length - start.headerStart);
  expect(promisedDigests(start).map(({ algorithm, of }) => `${algorithm} of ${of}`)).toEqual([
    'sha256 of header',
    'sha256 of payload',
  ]);
  const source = readRpmStart(makeSmallRpm({ isSource: true }));
  expect(source).toMatchObject({ isSource: true });
});

test('values of another kind than a tag has are refused', () => {
  const header = readHeader(writeHeader([...smallEntries(), numbersEntry(headerTags.EPOCH, [1, 2])]), 0);
  expect(numbersOf(header, headerTags.EPOCH)).toEqual([1, 2]);
  expect(textsOf(header, headerTags.SUMMARY)).toEqual(['a hive']);
  expect(numbersOf(header, headerTags.SIZE)).toEqual([]);
  expect(() => numbersOf(header, headerTags.NAME)).toThrow(RpmFormatError);
  expect(() => textsOf(header, headerTags.EPOCH)).toThrow(RpmFormatError);
});

function readOrRefuse(bytes: Uint8Array): ReturnType<typeof readRpmStart> | undefined {
  return refusing(() => readRpmStart(bytes));
}

function refusing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpmFormatError) return undefined;
    throw error;
  }
}

function plain({ tag, type, count, data }: HeaderEntry): [number, HeaderType, number, string] {
  return [tag, type, count, Buffer.from(data).toString('hex')];
}
