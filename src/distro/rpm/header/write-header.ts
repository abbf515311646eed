// SPDX-License-Identifier: GPL-2.0-or-later
import { alignmentOf, type HeaderEntry, headerTypes } from './header-entry.ts';

/**
 * A header of these entries, without a signed part: as lists of headers have them (base/pkglist). The index is in the order of
 * tags, and the data in the order of the index, each aligned.
 */
export function writeHeader(entries: Iterable<HeaderEntry>): Uint8Array {
  const sorted = [...entries].sort((a, b) => a.tag - b.tag);
  const places = new Map<HeaderEntry, number>();
  let storeBytes = 0;
  for (const entry of sorted) {
    const alignment = alignmentOf(entry.type);
    const place = Math.ceil(storeBytes / alignment) * alignment;
    places.set(entry, place);
    storeBytes = place + entry.data.length;
  }
  const storeStart = 16 + sorted.length * 16;
  const bytes = new Uint8Array(storeStart + storeBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x8eade801);
  view.setUint32(8, sorted.length);
  view.setUint32(12, storeBytes);
  for (const [index, entry] of sorted.entries()) {
    const at = 16 + index * 16;
    const place = places.get(entry) ?? 0;
    view.setInt32(at, entry.tag);
    view.setUint32(at + 4, entry.type);
    view.setInt32(at + 8, place);
    view.setUint32(at + 12, entry.count);
    bytes.set(entry.data, storeStart + place);
  }
  return bytes;
}

/** An entry of 32-bit numbers. */
export function numbersEntry(tag: number, numbers: readonly number[]): HeaderEntry {
  const data = new Uint8Array(numbers.length * 4);
  const view = new DataView(data.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number);
  return { tag, type: headerTypes.int32, count: numbers.length, data };
}

/** An entry of one string. */
export function textEntry(tag: number, text: string): HeaderEntry {
  return { tag, type: headerTypes.string, count: 1, data: Buffer.from(`${text}\0`) };
}

/** An entry of several strings. */
export function textsEntry(tag: number, texts: readonly string[]): HeaderEntry {
  const data = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  return { tag, type: headerTypes.stringArray, count: texts.length, data };
}
