// SPDX-License-Identifier: GPL-2.0-or-later
import type { Archive } from '../../distro/archive-check.ts';
import type { ResolvedPackage } from '../../distro/distribution.ts';
import type { ElfObject } from '../../elf/elf-object.ts';
import { findUndefinedSymbols, offers, offersOf, symbolText } from '../../elf/undefined-symbols.ts';
import type { LostSymbols, UndefinedSymbols } from './change-report.ts';
import { type ElfFile, type ElfFiles, installSet, librarySoname } from './elf-files.ts';
import { namedPackage } from './find-file-clashes.ts';

/** Where symbols are looked for. */
export interface SymbolSearch {
  readonly before: Archive;
  readonly after: Archive;
  readonly elf: ElfFiles;
  /** Whether files of the archive's packages may be fetched for any package; else for those of the user's own alone. */
  readonly fetchAll: boolean;
}

/**
 * Symbols that files of a changed package would not get from the libraries which it is installed with, without those that
 * its predecessor did not get either. Nothing is said where the predecessor is not at hand.
 */
export async function findNewUndefined(
  { before, after, elf, fetchAll }: SymbolSearch,
  changed: ResolvedPackage,
): Promise<UndefinedSymbols[]> {
  const mayFetch = fetchAll || changed.from === 'local';
  const files = (await elf.of(changed, mayFetch)) ?? [];
  if (files.length === 0) return [];
  const gaps = await gapsOf(after, { elf, mayFetch }, changed, files);
  if (gaps.size === 0) return [];
  const predecessor = before.find(changed.name);
  const old = predecessor === undefined ? [] : await elf.of(predecessor, mayFetch);
  if (old === undefined) return [];
  const oldGaps =
    predecessor === undefined ? undefined : await gapsOf(before, { elf, mayFetch }, predecessor, old);
  const known = new Set([...(oldGaps?.values() ?? [])].flat());
  return [...gaps].flatMap(([file, all]) => {
    const symbols = all.filter((symbol) => !known.has(symbol));
    return symbols.length === 0 ? [] : [{ ...namedPackage(changed), file, symbols }];
  });
}

/**
 * What the libraries of a changed package offered before and don't any more, with those who depend on the package and use
 * it. A library that another changed package offers now has only moved.
 */
export async function findLostSymbols(
  search: SymbolSearch,
  changed: ResolvedPackage,
  allChanged: readonly ResolvedPackage[],
): Promise<LostSymbols[]> {
  const { before, after, elf, fetchAll } = search;
  const mayFetch = fetchAll || changed.from === 'local';
  const predecessor = before.find(changed.name);
  const old = predecessor === undefined ? undefined : await elf.of(predecessor, mayFetch);
  if (predecessor === undefined || old === undefined) return [];
  const now = await librariesOf(elf, allChanged);
  const found: LostSymbols[] = [];
  for (const file of old) {
    const library = librarySoname(file);
    if (library === undefined) continue;
    const symbols = lostBetween(file.object, now.get(library));
    if (symbols !== undefined) found.push({ ...namedPackage(changed), library, symbols, users: [] });
  }
  if (found.length === 0) return [];
  const isChanged = new Set(allChanged.map(({ name }) => name));
  const users = uniquePackages([...before.dependentsOf(predecessor), ...after.dependentsOf(changed)]);
  const opened: { readonly user: ResolvedPackage; readonly files: readonly ElfFile[] }[] = [];
  for (const user of users.filter(
    ({ name, architecture }) => !isChanged.has(name) && architecture !== 'all',
  )) {
    if (after.find(user.name)?.sha256 !== user.sha256) continue; // another version is what is installed
    const files = await elf.of(user, fetchAll);
    if (files !== undefined) opened.push({ user, files });
  }
  return found.map((lost) => ({
    ...lost,
    users: opened.flatMap(({ user, files }) => usesOf(user, files, lost)),
  }));
}

async function gapsOf(
  archive: Archive,
  { elf, mayFetch }: { readonly elf: ElfFiles; readonly mayFetch: boolean },
  one: ResolvedPackage,
  files: readonly ElfFile[],
): Promise<Map<string, readonly string[]>> {
  const set = installSet(archive, one);
  const gaps = new Map<string, readonly string[]>();
  for (const { path, object } of files) {
    const libraries = await elf.librariesFor(object, set, mayFetch);
    const { undefined: symbols } = findUndefinedSymbols(object, (soname) => libraries.get(soname));
    if (symbols.length > 0) gaps.set(path, symbols);
  }
  return gaps;
}

async function librariesOf(
  elf: ElfFiles,
  packages: readonly ResolvedPackage[],
): Promise<Map<string, ElfObject>> {
  const found = new Map<string, ElfObject>();
  for (const one of packages) {
    for (const file of (await elf.of(one, false)) ?? []) {
      const soname = librarySoname(file);
      if (soname !== undefined) found.set(soname, file.object);
    }
  }
  return found;
}

/** Empty where the library is gone, undefined where nothing is lost. */
function lostBetween(before: ElfObject, after: ElfObject | undefined): readonly string[] | undefined {
  if (after === undefined) return [];
  const now = offersOf(after);
  const lost = before.symbols.filter(
    (symbol) => symbol.isDefined && symbol.isVisible && symbol.name !== '' && !offers(now, symbol),
  );
  return lost.length === 0 ? undefined : [...new Set(lost.map(symbolText))].sort();
}

function usesOf(user: ResolvedPackage, files: readonly ElfFile[], lost: LostSymbols): UndefinedSymbols[] {
  const names = new Set(lost.symbols);
  return files.flatMap(({ path, object }) => {
    if (!object.needed.includes(lost.library)) return [];
    const wanted = object.symbols.filter((symbol) => !symbol.isDefined && !symbol.isWeak);
    const symbols = wanted.map(symbolText).filter((text) => names.has(text));
    const unversioned = wanted.filter(({ version }) => version === undefined).map(({ name }) => name);
    const bare = lost.symbols.filter((text) => unversioned.includes(text.split('@')[0] ?? ''));
    const used = [...new Set([...symbols, ...bare])].sort();
    if (used.length === 0 && names.size > 0) return [];
    return [{ ...namedPackage(user), file: path, symbols: used }];
  });
}

function uniquePackages(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  return [...new Map(packages.map((one) => [one.sha256, one])).values()];
}
