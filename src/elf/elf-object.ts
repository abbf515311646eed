// SPDX-License-Identifier: GPL-2.0-or-later

/** One entry of a dynamic symbol table: what a file offers to others, or wants of them. */
export interface ElfSymbol {
  readonly name: string;
  /** The version that is offered or wanted; absent where there is none. */
  readonly version?: string;
  /** For a wanted version: the library that is to have it. A program's copy of a library's variable has it too. */
  readonly versionFrom?: string;
  readonly isDefined: boolean;
  /** A wanted one may stay undefined. */
  readonly isWeak: boolean;
  /** Whether other files see it: neither local, hidden nor internal. */
  readonly isVisible: boolean;
}

/** What the dynamic linker looks at in an executable or a shared library. */
export interface ElfObject {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** e_machine: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  readonly type: 'executable' | 'shared' | 'relocatable' | 'other';
  readonly soname?: string;
  readonly needed: readonly string[];
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** Dynamic symbols, in the file's order. */
  readonly symbols: readonly ElfSymbol[];
}

/** A file that was read: an object, something else, or one that begins as ELF and then is not what it says. */
export type ElfReading =
  | { readonly kind: 'object'; readonly object: ElfObject }
  | { readonly kind: 'not-elf' }
  | { readonly kind: 'malformed'; readonly why: string };
