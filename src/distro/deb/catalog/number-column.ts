// SPDX-License-Identifier: GPL-2.0-or-later
type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A typed array that grows by doubling: how columns are written while their length isn't known. */
export class NumberColumn<T extends NumberArray> {
  #array: T;
  readonly #make: (length: number) => T;
  length = 0;

  constructor(make: (length: number) => T, capacity = 1024) {
    this.#make = make;
    this.#array = make(capacity);
  }

  push(value: number): void {
    if (this.length === this.#array.length) this.#grow(this.length + 1);
    this.#array[this.length++] = value;
  }

  append(values: ArrayLike<number>): void {
    const length = this.length + values.length;
    if (length > this.#array.length) this.#grow(length);
    this.#array.set(values, this.length);
    this.length = length;
  }

  at(index: number): number {
    return this.#array[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#array[index] = value;
  }

  /** What was written, in an array of exactly that length. */
  finish(): T {
    return this.#array.slice(0, this.length) as T;
  }

  #grow(needed: number): void {
    const grown = this.#make(Math.max(needed, this.#array.length * 2));
    grown.set(this.#array);
    this.#array = grown;
  }
}

/** A column of unsigned 32-bit numbers. */
export function uint32Column(): NumberColumn<Uint32Array> {
  return new NumberColumn((length) => new Uint32Array(length));
}

/** A column of bytes. */
export function uint8Column(): NumberColumn<Uint8Array> {
  return new NumberColumn((length) => new Uint8Array(length));
}

/** A column of numbers up to 2^53: sizes of files. */
export function float64Column(): NumberColumn<Float64Array> {
  return new NumberColumn((length) => new Float64Array(length));
}
