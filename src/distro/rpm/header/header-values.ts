// SPDX-License-Identifier: GPL-2.0-or-later
import { type HeaderEntry, headerTypes } from './header-entry.ts';
import type { Header } from './read-header.ts';
import { RpmFormatError } from './rpm-format-error.ts';

/** A tag's numbers; none where the header has no such tag. Throws {@link RpmFormatError} where they aren't numbers. */
export function numbersOf(header: Header, tag: number): readonly number[] {
  const entry = header.entries.get(tag);
  return entry === undefined ? [] : readNumbers(entry);
}

/** The first of a tag's numbers. */
export function numberOf(header: Header, tag: number): number | undefined {
  return numbersOf(header, tag)[0];
}

/** A tag's strings, of a translated one those of all languages. Throws {@link RpmFormatError} where they aren't strings. */
export function textsOf(header: Header, tag: number): readonly string[] {
  const entry = header.entries.get(tag);
  return entry === undefined ? [] : readTexts(entry);
}

/** The first of a tag's strings: the only one, or that of the C locale. */
export function textOf(header: Header, tag: number): string | undefined {
  return textsOf(header, tag)[0];
}

/** A string that every header has. Throws {@link RpmFormatError} where it is missing or empty. */
export function neededText(header: Header, tag: number, what: string): string {
  const text = textOf(header, tag);
  if (text === undefined || text === '') throw new RpmFormatError(`a header without ${what}`);
  return text;
}

/** A tag's bytes; undefined where the header has no such tag. */
export function bytesOf(header: Header, tag: number): Uint8Array | undefined {
  const entry = header.entries.get(tag);
  if (entry !== undefined && entry.type !== headerTypes.bytes) throw unexpected(entry, 'bytes');
  return entry?.data;
}

/** Values of tags that belong together row by row. Throws {@link RpmFormatError} where one has another number of rows. */
export function sameLength<T>(values: readonly T[], rows: number, what: string): readonly T[] {
  if (values.length === rows) return values;
  throw new RpmFormatError(`a header has ${values.length} ${what} for ${rows}`);
}

function readNumbers(entry: HeaderEntry): number[] {
  const view = new DataView(entry.data.buffer, entry.data.byteOffset, entry.data.byteLength);
  const read = (index: number): number => {
    switch (entry.type) {
      case headerTypes.char:
      case headerTypes.int8:
        return view.getUint8(index);
      case headerTypes.int16:
        return view.getUint16(index * 2);
      case headerTypes.int32:
        return view.getUint32(index * 4);
      case headerTypes.int64:
        return safeNumber(view.getBigUint64(index * 8));
      case headerTypes.bytes:
      case headerTypes.string:
      case headerTypes.stringArray:
      case headerTypes.translated:
        throw unexpected(entry, 'numbers');
    }
  };
  return Array.from({ length: entry.count }, (_, index) => read(index));
}

function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RpmFormatError(`a header has the number ${value}`);
  return Number(value);
}

function readTexts(entry: HeaderEntry): string[] {
  switch (entry.type) {
    case headerTypes.string:
    case headerTypes.stringArray:
    case headerTypes.translated:
      break;
    case headerTypes.char:
    case headerTypes.int8:
    case headerTypes.int16:
    case headerTypes.int32:
    case headerTypes.int64:
    case headerTypes.bytes:
      throw unexpected(entry, 'text');
  }
  const text = Buffer.from(entry.data.buffer, entry.data.byteOffset, entry.data.byteLength - 1);
  return text.toString('utf8').split('\0');
}

function unexpected(entry: HeaderEntry, wanted: string): RpmFormatError {
  return new RpmFormatError(
    `entry ${entry.tag} of a header has the type ${entry.type}, which is no ${wanted}`,
  );
}
