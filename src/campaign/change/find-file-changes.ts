// SPDX-License-Identifier: GPL-2.0-or-later
import type { Archive } from '../../distro/archive-check.ts';
import type { ResolvedPackage } from '../../distro/distribution.ts';
import type { FileChanges, LostSymbols, UndefinedSymbols } from './change-report.ts';
import { ElfFiles } from './elf-files.ts';
import { findFileClashes, namedPackage, type OpenedPackage } from './find-file-clashes.ts';
import { findLostSymbols, findNewUndefined, uniquePackages } from './find-symbol-changes.ts';
import type { PackageFiles } from './package-files.ts';

export interface FileChangesRequest {
  readonly before: Archive;
  readonly after: Archive;
  readonly files: PackageFiles;
  /** Whether everything that would have to be looked at may be fetched; else only what the user's own packages take. */
  readonly fetchAll: boolean;
  readonly onProgress: (line: string) => void;
}

/**
 * What a change does to files: paths that two packages put down, symbols that are not found any more. Changed are the packages
 * of the later state that the earlier one has not. Of packages of the user's own, predecessors and dependencies are
 * fetched where they are not at hand; all else is looked at only as far as it is here, unless everything may be fetched.
 */
export async function findFileChanges(request: FileChangesRequest): Promise<FileChanges> {
  const { before, after, files, fetchAll, onProgress } = request;
  const earlier = new Set([...before.packages()].map(({ sha256 }) => sha256));
  const all = [...after.packages()];
  const isChanged = ({ sha256 }: ResolvedPackage): boolean => !earlier.has(sha256);
  const changed: OpenedPackage[] = [];
  for (const one of all.filter(isChanged)) {
    const opened = await files.open(one, fetchAll);
    if (opened !== undefined) changed.push({ package: one, files: opened });
  }
  if (changed.length === 0) return { ...nothing, notLookedAt: files.notLookedAt().map(namedPackage) };
  onProgress(`looking at the files of ${changed.length} changed packages`);
  const others: OpenedPackage[] = [];
  const unchanged = all.filter((one) => !isChanged(one));
  for (const one of await files.unpackedOf(unchanged)) {
    const opened = await files.open(one, false);
    if (opened !== undefined) others.push({ package: one, files: opened });
  }
  const packages = changed.map((one) => one.package);
  const withoutSet: ResolvedPackage[] = [];
  const elf = new ElfFiles(files);
  const search = { before, after, elf, fetchAll, onNoSet: (one: ResolvedPackage) => withoutSet.push(one) };
  const undefinedSymbols: UndefinedSymbols[] = [];
  const lostSymbols: LostSymbols[] = [];
  for (const one of packages) {
    undefinedSymbols.push(...(await findNewUndefined(search, one)));
    lostSymbols.push(...(await findLostSymbols(search, one, packages)));
  }
  return {
    fileClashes: await newClashes(request, changed, others),
    undefinedSymbols,
    lostSymbols,
    lookedAt: { changed: changed.length, others: others.length, allOthers: unchanged.length },
    notLookedAt: uniquePackages([...files.notLookedAt(), ...withoutSet])
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(namedPackage),
  };
}

const nothing: FileChanges = {
  fileClashes: [],
  undefinedSymbols: [],
  lostSymbols: [],
  lookedAt: { changed: 0, others: 0, allOthers: 0 },
  notLookedAt: [],
};

/** A path that a package's predecessor had as well is no new clash with what was not changed. */
async function newClashes(
  { before, after, files }: FileChangesRequest,
  changed: readonly OpenedPackage[],
  others: readonly OpenedPackage[],
): Promise<FileChanges['fileClashes']> {
  const had = new Map<string, ReadonlySet<string>>();
  for (const one of changed) {
    const predecessor = before.find(one.package.name);
    const opened = predecessor === undefined ? undefined : await files.open(predecessor, false);
    had.set(one.package.name, new Set(opened?.files.map(({ path }) => path) ?? []));
  }
  const wereShared = (path: string, one: ResolvedPackage, other: ResolvedPackage): boolean =>
    had.get(one.name)?.has(path) === true && had.get(other.name)?.has(path) !== false;
  return findFileClashes(after, changed, others, wereShared);
}
