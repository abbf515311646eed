// SPDX-License-Identifier: GPL-2.0-or-later
import type { LineMark } from './line-marks.ts';

/**
 * A packed log is what zstd(1) unpacks: one frame for each piece of about 256 KiB, cut where a line begins, and after them a
 * skippable frame (RFC 8878, section 3.1.2) that says where the pieces are: for each the bytes packed, the bytes, and the
 * lines, then the number of pieces, and a mark. All numbers have 32 bits, the lowest byte first.
 */
export interface PackedPiece {
  readonly packedBytes: number;
  readonly bytes: number;
  readonly lines: number;
}

/** Where a piece is. */
export interface PlacedPiece extends LineMark {
  readonly packedOffset: number;
  readonly packedBytes: number;
}

const skippableMagic = 0x184d2a5e;
const indexMark = 0x676f4c50;
const entryBytes = 12;
/** What the end of the file has to be asked for first. */
export const footerBytes = 8;

/** The frame that comes after all pieces. */
export function encodeIndex(pieces: readonly PackedPiece[]): Buffer {
  const payload = pieces.length * entryBytes + footerBytes;
  const frame = Buffer.alloc(8 + payload);
  let at = frame.writeUInt32LE(skippableMagic, 0);
  at = frame.writeUInt32LE(payload, at);
  for (const { packedBytes, bytes, lines } of pieces) {
    at = frame.writeUInt32LE(packedBytes, at);
    at = frame.writeUInt32LE(bytes, at);
    at = frame.writeUInt32LE(lines, at);
  }
  at = frame.writeUInt32LE(pieces.length, at);
  frame.writeUInt32LE(indexMark, at);
  return frame;
}

/** How many bytes before the footer the index takes; undefined where this is no packed log. */
export function indexBytes(footer: Buffer): number | undefined {
  if (footer.length !== footerBytes || footer.readUInt32LE(4) !== indexMark) return undefined;
  return footer.readUInt32LE(0) * entryBytes;
}

/** The pieces, and how many lines all of them have. */
export function decodeIndex(index: Buffer): {
  readonly pieces: readonly PlacedPiece[];
  readonly lines: number;
} {
  const pieces: PlacedPiece[] = [];
  let packedOffset = 0;
  let offset = 0;
  let lines = 0;
  for (let at = 0; at < index.length; at += entryBytes) {
    const packedBytes = index.readUInt32LE(at);
    pieces.push({ offset, lines, packedOffset, packedBytes });
    packedOffset += packedBytes;
    offset += index.readUInt32LE(at + 4);
    lines += index.readUInt32LE(at + 8);
  }
  return { pieces, lines };
}
