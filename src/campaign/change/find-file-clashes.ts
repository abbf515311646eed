// SPDX-License-Identifier: GPL-2.0-or-later
import type { Archive, UnpackedFiles } from '../../distro/archive-check.ts';
import type { ResolvedPackage } from '../../distro/distribution.ts';
import type { FileClash, NamedPackage } from './change-report.ts';

/** A package with its files. */
export interface OpenedPackage {
  readonly package: ResolvedPackage;
  readonly files: UnpackedFiles;
}

/**
 * Paths that a changed package and another one both put down although both may be installed: neither replaces the other's
 * files, they don't exclude each other, and none of them moves the path out of the way. What both had in the earlier state is
 * not new.
 * @param others packages of the same state that were not changed.
 * @param wereShared whether both already had the path before.
 */
export function findFileClashes(
  archive: Archive,
  changed: readonly OpenedPackage[],
  others: readonly OpenedPackage[],
  wereShared: (path: string, changed: ResolvedPackage, other: ResolvedPackage) => boolean,
): FileClash[] {
  const owners = new Map<string, OpenedPackage[]>();
  for (const one of changed) for (const { path } of one.files.files) note(owners, path, one);
  const clashes: FileClash[] = [];
  const judge = (path: string, one: OpenedPackage, other: OpenedPackage): void => {
    if (archive.mayShareFiles(one.package, other.package)) return;
    if (one.files.movesAway(path) || other.files.movesAway(path)) return;
    if (wereShared(path, one.package, other.package)) return;
    clashes.push({ path, changed: namedPackage(one.package), other: namedPackage(other.package) });
  };
  for (const [path, several] of owners) {
    for (const [index, one] of several.entries()) {
      for (const other of several.slice(index + 1)) judge(path, one, other);
    }
  }
  for (const other of others) {
    for (const { path } of other.files.files)
      for (const one of owners.get(path) ?? []) judge(path, one, other);
  }
  return clashes.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** A package as reports name it. */
export function namedPackage({ name, version, architecture }: ResolvedPackage): NamedPackage {
  return { package: name, version, architecture };
}

function note(owners: Map<string, OpenedPackage[]>, path: string, one: OpenedPackage): void {
  const known = owners.get(path);
  if (known === undefined) owners.set(path, [one]);
  else known.push(one);
}
