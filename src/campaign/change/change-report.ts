// SPDX-License-Identifier: GPL-2.0-or-later

/** A package, for a report. */
export interface NamedPackage {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
}

/** A file that two packages would put down, which may be installed together. */
export interface FileClash {
  readonly path: string;
  readonly changed: NamedPackage;
  readonly other: NamedPackage;
}

/** Symbols that a file of a changed package wants and would not get, and that its predecessor got or did not want. */
export interface UndefinedSymbols extends NamedPackage {
  readonly file: string;
  /** Sonames too: of libraries that no package offers which the changed one is installed with. */
  readonly symbols: readonly string[];
}

/** A library of a changed package that offers less than before, or is gone, and who uses what it has lost. */
export interface LostSymbols extends NamedPackage {
  /** Its soname. */
  readonly library: string;
  /** `name` or `name@version`; empty where the whole library is gone. */
  readonly symbols: readonly string[];
  readonly users: readonly UndefinedSymbols[];
}

/** What a change does to the files of packages, of those that could be looked at. */
export interface FileChanges {
  readonly fileClashes: readonly FileClash[];
  readonly undefinedSymbols: readonly UndefinedSymbols[];
  readonly lostSymbols: readonly LostSymbols[];
  /** Changed packages whose files were looked at, the others that their paths were compared with, and how many of those there are. */
  readonly lookedAt: { readonly changed: number; readonly others: number; readonly allOthers: number };
  /** Packages whose files were wanted and are not here, and those of which no set was found that they can be installed with. */
  readonly notLookedAt: readonly NamedPackage[];
}
