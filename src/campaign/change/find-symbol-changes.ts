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
  /** Called for a package whose symbols are not looked at, as no set was found that it can be installed with. */
  readonly onNoSet: (one: ResolvedPackage) => void;
}

/**
 * Symbols that files of a changed package would not get from the libraries which it is installed with, without those that
 * its predecessor did not get either; and libraries that nothing in that set offers. Nothing is said where the predecessor is not at hand.
 */
export async function findNewUndefined(
  { before, after, elf, fetchAll, onNoSet }: SymbolSearch,
  changed: ResolvedPackage,
): Promise<UndefinedSymbols[]> {
  const mayFetch = fetchAll || changed.from === 'local';
  const files = (await elf.of(changed, mayFetch)) ?? [];
  if (files.length === 0) return [];
  const gaps = await gapsOf(after, { elf, onNoSet, mayFetch }, changed, files);
  if (gaps === undefined || gaps.size === 0) return [];
  const predecessor = before.find(changed.name);
  const old = predecessor === undefined ? [] : await elf.of(predecessor, mayFetch);
  if (old === undefined) return [];
  const oldGaps =
    predecessor === undefined
      ? new Map<string, readonly string[]>()
      : await gapsOf(before, { elf, onNoSet, mayFetch }, predecessor, old);
  if (oldGaps === undefined) return [];
  const known = new Set([...oldGaps.values()].flat());
  return [...gaps].flatMap(([file, all]) => {
    const symbols = all.filter((symbol) => !known.has(symbol));
    return symbols.length === 0 ? [] : [{ ...namedPackage(changed), file, symbols }];
  });
}

/**
 * What the libraries of a changed package offered before and don't any more, with those who depend on the package and use
 * it. A library that another changed package offers now has only moved, and so has a symbol that a library offers which the new
 * one needs. What has no soname is compared with the same path alone: a name as of a plugin may be that of several.
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
  const found: { readonly lost: LostSymbols; readonly object: ElfObject }[] = [];
  for (const file of old) {
    const library = librarySoname(file);
    if (library === undefined) continue;
    const successor = now.get(exactKey(file, library));
    if (successor === undefined && now.has(nameKey(file, library))) continue;
    const symbols = await lostBetween(file.object, successor, (one) =>
      elf.librariesFor(one.object, installSet(after, one.package), mayFetch),
    );
    if (symbols === undefined) continue;
    found.push({ lost: { ...namedPackage(changed), library, symbols, users: [] }, object: file.object });
  }
  if (found.length === 0) return [];
  const isChanged = new Set(allChanged.map(({ name }) => name));
  const users = uniquePackages([...before.dependentsOf(predecessor), ...after.dependentsOf(changed)]);
  const opened: { readonly user: ResolvedPackage; readonly files: readonly ElfFile[] }[] = [];
  for (const user of users.filter((one) => !isChanged.has(one.name) && elf.mayBeIn(one))) {
    if (after.find(user.name)?.sha256 !== user.sha256) continue; // another version is what is installed
    const files = await elf.of(user, fetchAll);
    if (files !== undefined) opened.push({ user, files });
  }
  return found.map(({ lost, object }) => ({
    ...lost,
    users: opened.flatMap(({ user, files }) =>
      usesOf(
        user,
        files.filter((file) => isSameKind(file.object, object)),
        lost,
      ),
    ),
  }));
}

async function gapsOf(
  archive: Archive,
  { elf, onNoSet, mayFetch }: Pick<SymbolSearch, 'elf' | 'onNoSet'> & { readonly mayFetch: boolean },
  one: ResolvedPackage,
  files: readonly ElfFile[],
): Promise<Map<string, readonly string[]> | undefined> {
  const set = archive.installSetOf(one);
  const gaps = new Map<string, readonly string[]>();
  if (set === undefined) {
    onNoSet(one);
    return undefined;
  }
  for (const { path, object } of files) {
    const libraries = await elf.librariesFor(object, set, mayFetch);
    const found = findUndefinedSymbols(object, (soname) => libraries.get(soname));
    const isKnown = found.missingLibraries.length > 0 && (await isAllAtHand(elf, set, mayFetch));
    const symbols = [...found.undefined, ...(isKnown ? found.missingLibraries : [])];
    if (symbols.length > 0) gaps.set(path, symbols);
  }
  return gaps;
}

/** Whether a library that was not found is in none of the packages. */
async function isAllAtHand(
  elf: ElfFiles,
  set: readonly ResolvedPackage[],
  mayFetch: boolean,
): Promise<boolean> {
  for (const one of set) {
    if (elf.mayBeIn(one) && (await elf.of(one, mayFetch)) === undefined) return false;
  }
  return true;
}

async function librariesOf(
  elf: ElfFiles,
  packages: readonly ResolvedPackage[],
): Promise<Map<string, Library>> {
  const found = new Map<string, Library>();
  for (const one of packages) {
    for (const file of (await elf.of(one, false)) ?? []) {
      const library = librarySoname(file);
      if (library === undefined) continue;
      for (const key of [exactKey(file, library), nameKey(file, library)]) {
        found.set(key, { object: file.object, package: one });
      }
    }
  }
  return found;
}

interface Library {
  readonly object: ElfObject;
  readonly package: ResolvedPackage;
}

function nameKey({ object }: ElfFile, library: string): string {
  return `${library} ${object.bits} ${object.machine}`;
}

/** What a library is compared by. */
function exactKey(file: ElfFile, library: string): string {
  return nameKey(file, file.object.soname === undefined ? file.path : library);
}

function isSameKind(one: ElfObject, other: ElfObject): boolean {
  return one.bits === other.bits && one.machine === other.machine;
}

/**
 * Empty where the library is gone, undefined where nothing is lost.
 * @param findLibraries those that are loaded with one.
 */
async function lostBetween(
  before: ElfObject,
  after: Library | undefined,
  findLibraries: (one: Library) => Promise<ReadonlyMap<string, ElfObject>>,
): Promise<readonly string[] | undefined> {
  if (after === undefined) return [];
  const now = offersOf(after.object);
  let lost = before.symbols.filter(
    (symbol) => symbol.isDefined && symbol.isVisible && symbol.name !== '' && !offers(now, symbol),
  );
  if (lost.length > 0 && after.object.needed.length > 0) {
    const others = [...(await findLibraries(after)).values()].map(offersOf);
    lost = lost.filter((symbol) => !others.some((other) => offers(other, symbol)));
  }
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

/** Each once, in the order in which they come. */
export function uniquePackages(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  return [...new Map(packages.map((one) => [one.sha256, one])).values()];
}
