// SPDX-License-Identifier: GPL-2.0-or-later

/** The types of entries (rpm's rpmtag.h), by number: NULL (0) has no data and is written by nobody. */
export const headerTypes = {
  char: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  string: 6,
  bytes: 7,
  stringArray: 8,
  /** One string for each language of the table in HEADERI18NTABLE, the first being that of the C locale. */
  translated: 9,
} as const;

export type HeaderType = (typeof headerTypes)[keyof typeof headerTypes];

/** One value of a header, as it stands there. */
export interface HeaderEntry {
  readonly tag: number;
  readonly type: HeaderType;
  /** Numbers, strings or bytes. */
  readonly count: number;
  /** Exactly its bytes: numbers with their highest byte first, strings each with its zero byte. Not to be changed. */
  readonly data: Uint8Array;
}

/** Bytes of one number of a type; undefined for strings. */
export function unitBytes(type: HeaderType): number | undefined {
  switch (type) {
    case headerTypes.char:
    case headerTypes.int8:
    case headerTypes.bytes:
      return 1;
    case headerTypes.int16:
      return 2;
    case headerTypes.int32:
      return 4;
    case headerTypes.int64:
      return 8;
    case headerTypes.string:
    case headerTypes.stringArray:
    case headerTypes.translated:
      return undefined;
  }
}

/** What an entry's offset must be a multiple of. */
export function alignmentOf(type: HeaderType): number {
  return unitBytes(type) ?? 1;
}
