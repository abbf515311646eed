// SPDX-License-Identifier: GPL-2.0-or-later

/** Thrown inside of the reader alone, which makes a value of it. */
export class ElfFormatError extends Error {
  override readonly name = 'ElfFormatError';
}

const longestName = 1 << 17;

/** Numbers and strings of a file in its byte order and word size; what lies outside of it throws {@link ElfFormatError}. */
export class ByteView {
  readonly length: number;
  readonly is64: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, is64: boolean, little: boolean) {
    this.length = bytes.byteLength;
    this.is64 = is64;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = little;
  }

  /** Throws where not all of a range lies within the file. */
  need(offset: number, bytes: number, what: string): void {
    if (offset >= 0 && bytes >= 0 && offset + bytes <= this.length) return;
    throw new ElfFormatError(`${what} lies outside of the file`);
  }

  u8(offset: number): number {
    this.need(offset, 1, 'a byte');
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.need(offset, 2, 'a half word');
    return this.#view.getUint16(offset, this.#little);
  }

  u32(offset: number): number {
    this.need(offset, 4, 'a word');
    return this.#view.getUint32(offset, this.#little);
  }

  /** A 64-bit number; one beyond what a file can have is one that lies outside of it. */
  u64(offset: number): number {
    this.need(offset, 8, 'a double word');
    const value = this.#view.getBigUint64(offset, this.#little);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  /** An address, offset or size: as wide as the file's words are. */
  word(offset: number): number {
    return this.is64 ? this.u64(offset) : this.u32(offset);
  }

  /** A string up to its zero byte, which has to come before `end`. */
  text(offset: number, end: number): string {
    this.need(offset, 1, 'a name');
    const last = Math.min(end, offset + longestName, this.length);
    const zero = this.#bytes.subarray(offset, last).indexOf(0);
    if (zero < 0) throw new ElfFormatError('a name has no end');
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + offset, zero).toString('latin1');
  }
}
