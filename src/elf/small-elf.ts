// SPDX-License-Identifier: GPL-2.0-or-later
import type { ElfObject, ElfSymbol } from './elf-object.ts';

const machine = 62;
const baseAddress = 0x10000;

/** What a test says of a shared library that it makes. */
export type SmallElf = Pick<ElfObject, 'bits' | 'byteOrder' | 'soname' | 'needed' | 'runpath'> & {
  readonly symbols: readonly ElfSymbol[];
};

/** A description with what a test does not care for filled in. */
export function smallElf(given: Partial<SmallElf> = {}): SmallElf {
  return { bits: 64, byteOrder: 'little', needed: [], runpath: [], symbols: [], ...given };
}

/** A symbol that others see. */
export function smallSymbol(name: string, given: Partial<ElfSymbol> = {}): ElfSymbol {
  return { name, isDefined: true, isWeak: false, isVisible: true, ...given };
}

/** The bytes of a shared library without section headers: segments, dynamic table, symbols, hash table and versions. */
export function writeSmallElf(elf: SmallElf): Uint8Array {
  const wide = elf.bits === 64;
  const out = new Output(wide, elf.byteOrder === 'little');
  const names = new Names();
  const versions = new VersionNumbers(elf.symbols);
  out.header();
  const places = new Map<string, number>();
  const mark = (what: string): void => {
    out.align(8);
    places.set(what, out.size);
  };
  mark('symbols');
  for (const symbol of [undefined, ...elf.symbols]) out.symbol(symbol, names);
  mark('hash');
  out.words32(1, elf.symbols.length + 1, 0, ...new Array<number>(elf.symbols.length + 1).fill(0));
  mark('versions');
  out.half(0);
  for (const symbol of elf.symbols) out.half(versions.of(symbol));
  mark('verneed');
  const files = [...versions.wanted];
  for (const [index, [file, wanted]] of files.entries()) {
    const isLast = index + 1 === files.length;
    out.half(1, wanted.length);
    out.words32(names.at(file), 16, isLast ? 0 : 16 + 16 * wanted.length);
    for (const [place, version] of wanted.entries()) {
      out.words32(0);
      out.half(0, version.number);
      out.words32(names.at(version.name), place + 1 === wanted.length ? 0 : 16);
    }
  }
  mark('verdef');
  for (const [index, version] of versions.offered.entries()) {
    out.half(1, 0, version.number, 1);
    out.words32(0, 20, index + 1 === versions.offered.length ? 0 : 28, names.at(version.name), 0);
  }
  const needed = elf.needed.map((name) => names.at(name));
  const soname = elf.soname === undefined ? undefined : names.at(elf.soname);
  const runpath = elf.runpath.length === 0 ? undefined : names.at(elf.runpath.join(':'));
  mark('strings');
  out.bytes(names.bytes());
  mark('dynamic');
  const address = (what: string): number => baseAddress + (places.get(what) ?? 0);
  for (const name of needed) out.words(1, name);
  if (soname !== undefined) out.words(14, soname);
  if (runpath !== undefined) out.words(29, runpath);
  out.words(4, address('hash'), 5, address('strings'), 6, address('symbols'), 10, names.bytes().length);
  out.words(0x6ffffff0, address('versions'));
  if (files.length > 0) out.words(0x6ffffffe, address('verneed'), 0x6fffffff, files.length);
  if (versions.offered.length > 0)
    out.words(0x6ffffffc, address('verdef'), 0x6ffffffd, versions.offered.length);
  out.words(0, 0);
  return out.finish(places.get('dynamic') ?? 0, machine);
}

/** Every version of a file has a number from 2, offered ones before wanted ones. */
class VersionNumbers {
  readonly offered: { readonly name: string; readonly number: number }[] = [];
  readonly wanted = new Map<string, { readonly name: string; readonly number: number }[]>();
  readonly #numbers = new Map<string, number>();

  constructor(symbols: readonly ElfSymbol[]) {
    for (const symbol of symbols) {
      const key = keyOf(symbol);
      if (symbol.version === undefined || this.#numbers.has(key)) continue;
      const entry = { name: symbol.version, number: this.#numbers.size + 2 };
      this.#numbers.set(key, entry.number);
      if (symbol.isDefined) this.offered.push(entry);
      else {
        const file = symbol.versionFrom ?? '';
        this.wanted.set(file, [...(this.wanted.get(file) ?? []), entry]);
      }
    }
  }

  of(symbol: ElfSymbol): number {
    return this.#numbers.get(keyOf(symbol)) ?? 1;
  }
}

function keyOf({ isDefined, version, versionFrom }: ElfSymbol): string {
  return `${isDefined} ${version} ${versionFrom}`;
}

class Names {
  #text = '\0';

  at(name: string): number {
    const at = this.#text.length;
    this.#text += `${name}\0`;
    return at;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, 'latin1');
  }
}

/** Numbers one after the other in the file's byte order and word size. */
class Output {
  size = 0;
  readonly #wide: boolean;
  readonly #little: boolean;
  readonly #pieces: Uint8Array[] = [];

  constructor(wide: boolean, little: boolean) {
    this.#wide = wide;
    this.#little = little;
  }

  bytes(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.size += piece.length;
  }

  align(to: number): void {
    this.bytes(new Uint8Array((to - (this.size % to)) % to));
  }

  half(...values: readonly number[]): void {
    for (const value of values) this.bytes(this.#number(2, value));
  }

  words32(...values: readonly number[]): void {
    for (const value of values) this.bytes(this.#number(4, value));
  }

  words(...values: readonly number[]): void {
    for (const value of values) this.bytes(this.#number(this.#wide ? 8 : 4, value));
  }

  /** Room for the file header and two segments; see {@link finish}. */
  header(): void {
    this.bytes(new Uint8Array(this.#wide ? 64 + 2 * 56 : 52 + 2 * 32));
  }

  symbol(symbol: ElfSymbol | undefined, names: Names): void {
    const name = symbol === undefined ? 0 : names.at(symbol.name);
    const info = symbol === undefined ? 0 : (symbol.isWeak ? 2 : 1) * 16 + 2;
    const other = symbol?.isVisible === false ? 2 : 0;
    const section = symbol?.isDefined === true ? 7 : 0;
    this.words32(name);
    if (!this.#wide) this.words32(0, 0);
    this.bytes(Uint8Array.of(info, other));
    this.half(section);
    if (this.#wide) this.words(0, 0);
  }

  finish(dynamic: number, machineNumber: number): Uint8Array {
    const body = Buffer.concat(this.#pieces);
    const head = new Output(this.#wide, this.#little);
    const headBytes = this.#wide ? 64 : 52;
    head.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, this.#wide ? 2 : 1, this.#little ? 1 : 2, 1));
    head.bytes(new Uint8Array(9));
    head.half(3, machineNumber);
    head.words32(1);
    head.words(0, headBytes, 0);
    head.words32(0);
    head.half(headBytes, this.#wide ? 56 : 32, 2, 0, 0, 0);
    for (const [type, offset] of [
      [1, 0],
      [2, dynamic],
    ] as const) {
      const bytes = body.length - offset;
      head.words32(type);
      if (this.#wide) head.words32(4);
      head.words(offset, baseAddress + offset, baseAddress + offset, bytes, bytes);
      if (!this.#wide) head.words32(4);
      head.words(8);
    }
    Buffer.concat(head.#pieces).copy(body);
    return body;
  }

  #number(bytes: 2 | 4 | 8, value: number): Uint8Array {
    const piece = new Uint8Array(bytes);
    const view = new DataView(piece.buffer);
    if (bytes === 2) view.setUint16(0, value, this.#little);
    else if (bytes === 4) view.setUint32(0, value, this.#little);
    else view.setBigUint64(0, BigInt(value), this.#little);
    return piece;
  }
}
