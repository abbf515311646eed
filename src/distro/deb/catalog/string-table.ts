// SPDX-License-Identifier: GPL-2.0-or-later
import { uint32Column } from './number-column.ts';

/** Collects strings as UTF-8 in one run of bytes; the number of a string is stable from its first sight on. */
export class StringTableBuilder {
  readonly #interned = new Map<string, number>();
  readonly #starts = uint32Column();
  #bytes = Buffer.allocUnsafe(1 << 20);
  #length = 0;

  constructor() {
    this.#starts.push(0);
    this.intern('');
  }

  /** The number of `text`, the same for equal texts. */
  intern(text: string): number {
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    const number = this.append(text);
    this.#interned.set(text, number);
    return number;
  }

  /** A new number for `text` without looking for an equal one: for texts that hardly repeat. */
  append(text: string): number {
    const most = text.length * 3;
    if (this.#length + most > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + most));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    this.#starts.push(this.#length);
    return this.#starts.length - 2;
  }

  finish(): { readonly bytes: Uint8Array; readonly starts: Uint32Array } {
    return { bytes: new Uint8Array(this.#bytes.subarray(0, this.#length)), starts: this.#starts.finish() };
  }
}

/** Reads strings of a finished table, decoding them when asked. */
export class StringTable {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;

  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#starts = starts;
  }

  at(number: number): string {
    return this.#bytes.toString('utf8', this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0);
  }

  /** Order of string `number` relative to `wanted` (as bytes): negative, 0 or positive. */
  compare(number: number, wanted: Buffer): number {
    return this.#bytes.compare(
      wanted,
      0,
      wanted.length,
      this.#starts[number] ?? 0,
      this.#starts[number + 1] ?? 0,
    );
  }
}
