// SPDX-License-Identifier: GPL-2.0-or-later
import { alignmentOf, type HeaderEntry, type HeaderType, headerTypes, unitBytes } from './header-entry.ts';
import { regionTags } from './header-tags.ts';
import { RpmFormatError } from './rpm-format-error.ts';

/** A header of an RPM file or of a list of them. */
export interface Header {
  /** By tag. Of two entries with one tag the later counts: it was added to what was signed. */
  readonly entries: ReadonlyMap<number, HeaderEntry>;
  /** What digests and signatures of the header are of, in pieces; empty where it has no region. */
  readonly signed: readonly Uint8Array[];
  /** Offset of the first byte after it. */
  readonly end: number;
}

/** Before the index: magic, four reserved bytes, number of entries, bytes of the store. */
export const headerIntroBytes = 16;
const magic = [0x8e, 0xad, 0xe8, 0x01] as const;
const entryBytes = 16;
/** As rpm's own limits (header.c): more is a lie. */
const mostEntries = 0xffff;
const mostStoreBytes = 0x0fffffff;
/** Lower ones are regions, of which the first entry alone may be one. */
const lowestTag = 100;

/** Whether a header begins there. */
export function isHeader(bytes: Uint8Array, offset: number): boolean {
  return magic.every((byte, index) => bytes[offset + index] === byte);
}

/** How many bytes a header takes, by its first {@link headerIntroBytes}. Throws {@link RpmFormatError}. */
export function headerLength(bytes: Uint8Array, offset: number): number {
  const { entries, storeBytes } = readIntro(bytes, offset);
  return headerIntroBytes + entries * entryBytes + storeBytes;
}

/**
 * Reads a header of format version 1, the only one (rpm's doc/manual/format). Every entry lies in its store, ends in it,
 * is aligned and overlaps no other; so says {@link RpmFormatError} otherwise. Copies nothing: `bytes` must stay as they are.
 */
export function readHeader(bytes: Uint8Array, offset: number): Header {
  const { entries: count, storeBytes } = readIntro(bytes, offset);
  const indexStart = offset + headerIntroBytes;
  const storeStart = indexStart + count * entryBytes;
  const end = storeStart + storeBytes;
  if (end > bytes.length) throw new RpmFormatError('a header ends before it is whole');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const store = bytes.subarray(storeStart, end);
  const region = readRegion(view, indexStart, count, storeStart, storeBytes);
  const entries = new Map<number, HeaderEntry>();
  const places: Place[] = [];
  for (let index = region === undefined ? 0 : 1; index < count; index++) {
    const { entry, place } = readEntry(view, indexStart + index * entryBytes, store);
    entries.set(entry.tag, entry);
    places.push(place);
  }
  if (region !== undefined) places.push({ start: region.trailer, end: region.trailer + entryBytes });
  refuseOverlaps(places);
  return { entries, signed: region === undefined ? [] : signedPart(bytes, offset, count, region), end };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Region {
  /** Entries in it, its own counted. */
  readonly entries: number;
  /** Offset in the store of the entry that closes it. */
  readonly trailer: number;
}

function readIntro(bytes: Uint8Array, offset: number): { entries: number; storeBytes: number } {
  if (offset + headerIntroBytes > bytes.length) throw new RpmFormatError('a header ends before it is whole');
  if (!isHeader(bytes, offset)) throw new RpmFormatError('there is no header where one should be');
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, headerIntroBytes);
  const entries = view.getUint32(8);
  const storeBytes = view.getUint32(12);
  if (entries === 0) throw new RpmFormatError('a header without any entry');
  if (entries > mostEntries) throw new RpmFormatError(`a header with ${entries} entries`);
  if (storeBytes > mostStoreBytes) throw new RpmFormatError(`a header of ${storeBytes} bytes`);
  return { entries, storeBytes };
}

function readEntry(view: DataView, at: number, store: Uint8Array): { entry: HeaderEntry; place: Place } {
  const tag = view.getInt32(at);
  const type = view.getUint32(at + 4);
  const start = view.getInt32(at + 8);
  const count = view.getUint32(at + 12);
  const wrong = (what: string): RpmFormatError => new RpmFormatError(`entry ${tag} of a header ${what}`);
  if (tag < lowestTag) throw wrong('has a number that no entry may have');
  if (!isHeaderType(type)) throw wrong(`has the unknown type ${type}`);
  if (start < 0 || start >= store.length) throw wrong('lies outside of it');
  if (start % alignmentOf(type) !== 0) throw wrong('is not aligned');
  if (count === 0) throw wrong('is empty');
  if (type === headerTypes.string && count !== 1) throw wrong('is one string and says that it is several');
  const unit = unitBytes(type);
  const end = unit === undefined ? endOfStrings(store, start, count) : start + unit * count;
  if (end === undefined || end > store.length) throw wrong('ends outside of it');
  return { entry: { tag, type, count, data: store.subarray(start, end) }, place: { start, end } };
}

/** After the zero byte of the last of `count` strings; undefined where the store ends before. */
function endOfStrings(store: Uint8Array, start: number, count: number): number | undefined {
  if (count > store.length - start) return undefined;
  let end = start;
  for (let index = 0; index < count; index++) {
    const zero = store.indexOf(0, end);
    if (zero < 0) return undefined;
    end = zero + 1;
  }
  return end;
}

/** Entries are mostly in the order of their places already. */
function refuseOverlaps(places: readonly Place[]): void {
  const isSorted = places.every(
    (place, index) => index === 0 || place.start >= (places[index - 1]?.start ?? 0),
  );
  const sorted = isSorted ? places : [...places].sort((a, b) => a.start - b.start);
  for (const [index, place] of sorted.entries()) {
    if (index > 0 && place.start < (sorted[index - 1]?.end ?? 0)) {
      throw new RpmFormatError('two entries of a header lie in the same place');
    }
  }
}

/**
 * The first entry may say how much of the header is what was signed: it points to a second one behind the data of that
 * part, whose offset is minus the bytes of that part's index. Old signature headers call the second one an image.
 */
function readRegion(
  view: DataView,
  indexStart: number,
  count: number,
  storeStart: number,
  storeBytes: number,
): Region | undefined {
  const tag = view.getInt32(indexStart);
  if (tag < regionTags.image || tag > regionTags.immutable) return undefined;
  const wrong = (what: string): RpmFormatError => new RpmFormatError(`the signed part of a header ${what}`);
  const trailer = view.getInt32(indexStart + 8);
  if (
    view.getUint32(indexStart + 4) !== headerTypes.bytes ||
    view.getUint32(indexStart + 12) !== entryBytes
  ) {
    throw wrong('has an entry that is none');
  }
  if (trailer < 0 || trailer + entryBytes > storeBytes) throw wrong('ends outside of it');
  const at = storeStart + trailer;
  const closingTag = view.getInt32(at);
  if (closingTag !== tag && closingTag !== regionTags.image) throw wrong('is closed by another part');
  if (view.getUint32(at + 4) !== headerTypes.bytes || view.getUint32(at + 12) !== entryBytes) {
    throw wrong('has an end that is none');
  }
  const indexBytes = -view.getInt32(at + 8);
  const entries = indexBytes / entryBytes;
  if (!Number.isInteger(entries) || entries < 1 || entries > count) {
    throw wrong('says that it has another number of entries');
  }
  for (let index = 1; index < count; index++) {
    const start = view.getInt32(indexStart + index * entryBytes + 8);
    if (index < entries ? start >= trailer : start < trailer + entryBytes) {
      throw wrong('has data on the wrong side of its end');
    }
  }
  return { entries, trailer };
}

/** As rpm digests it: a header of that part alone. */
function signedPart(bytes: Uint8Array, offset: number, count: number, region: Region): Uint8Array[] {
  const intro = bytes.slice(offset, offset + headerIntroBytes);
  const view = new DataView(intro.buffer);
  const storeBytes = region.trailer + entryBytes;
  view.setUint32(8, region.entries);
  view.setUint32(12, storeBytes);
  const indexStart = offset + headerIntroBytes;
  const storeStart = indexStart + count * entryBytes;
  return [
    intro,
    bytes.subarray(indexStart, indexStart + region.entries * entryBytes),
    bytes.subarray(storeStart, storeStart + storeBytes),
  ];
}

function isHeaderType(type: number): type is HeaderType {
  return type >= headerTypes.char && type <= headerTypes.translated;
}
