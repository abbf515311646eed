// SPDX-License-Identifier: GPL-2.0-or-later
import type { ElfObject, ElfSymbol } from './elf-object.ts';

/** What the dynamic linker would not find for one file. */
export interface SymbolGaps {
  /** `name` or `name@version`, sorted. */
  readonly undefined: readonly string[];
  /** Needed libraries that are not there, by their sonames. Of what they may offer nothing is said. */
  readonly missingLibraries: readonly string[];
}

/** `name@version`, or the name alone. */
export function symbolText({ name, version }: Pick<ElfSymbol, 'name' | 'version'>): string {
  return version === undefined ? name : `${name}@${version}`;
}

/**
 * Which symbols that a file wants none of the libraries offers which it needs, directly or through another (weak ones
 * may be undefined). A versioned one must be in the library that its version is from, and have that version there, or
 * the library must have no versions at all, as in glibc's linker.
 * @param findLibrary the library of a soname that the file would get.
 */
export function findUndefinedSymbols(
  object: ElfObject,
  findLibrary: (soname: string) => ElfObject | undefined,
): SymbolGaps {
  const { libraries, missing } = neededLibraries(object, findLibrary);
  const offers = new Map([...libraries].map(([soname, library]) => [soname, offersOf(library)]));
  const own = offersOf(object);
  const gaps = new Set<string>();
  for (const symbol of object.symbols) {
    if (symbol.isDefined || symbol.isWeak || symbol.name === '') continue;
    if (isOffered(symbol, own, offers, missing.size > 0)) continue;
    gaps.add(symbolText(symbol));
  }
  return { undefined: [...gaps].sort(), missingLibraries: [...missing].sort() };
}

/** What others can get of a file: names, and names with their versions. */
export function offersOf(object: ElfObject): Offers {
  const names = new Set<string>();
  const versioned = new Set<string>();
  let hasVersions = false;
  for (const symbol of object.symbols) {
    if (!symbol.isDefined || !symbol.isVisible) continue;
    names.add(symbol.name);
    if (symbol.version === undefined) continue;
    hasVersions = true;
    versioned.add(symbolText(symbol));
  }
  return { names, versioned, hasVersions };
}

/** See {@link offersOf}. */
export interface Offers {
  readonly names: ReadonlySet<string>;
  readonly versioned: ReadonlySet<string>;
  readonly hasVersions: boolean;
}

/** Whether a file's want is met by what a library offers. */
export function offers(library: Offers, wanted: Pick<ElfSymbol, 'name' | 'version'>): boolean {
  if (wanted.version === undefined || !library.hasVersions) return library.names.has(wanted.name);
  return library.versioned.has(symbolText(wanted));
}

function isOffered(
  symbol: ElfSymbol,
  own: Offers,
  libraries: ReadonlyMap<string, Offers>,
  isOneMissing: boolean,
): boolean {
  const from = symbol.versionFrom === undefined ? undefined : libraries.get(symbol.versionFrom);
  if (from !== undefined && offers(from, symbol)) return true;
  if (own.names.has(symbol.name)) return true;
  for (const library of libraries.values()) if (offers(library, symbol)) return true;
  return isOneMissing && from === undefined;
}

/** All that is loaded with a file, nearest first. */
function neededLibraries(
  object: ElfObject,
  findLibrary: (soname: string) => ElfObject | undefined,
): { readonly libraries: ReadonlyMap<string, ElfObject>; readonly missing: ReadonlySet<string> } {
  const libraries = new Map<string, ElfObject>();
  const missing = new Set<string>();
  const queue = [...object.needed];
  for (let soname = queue.shift(); soname !== undefined; soname = queue.shift()) {
    if (libraries.has(soname) || missing.has(soname)) continue;
    const library = findLibrary(soname);
    if (library === undefined || library.bits !== object.bits || library.machine !== object.machine) {
      missing.add(soname);
      continue;
    }
    libraries.set(soname, library);
    queue.push(...library.needed);
  }
  return { libraries, missing };
}
