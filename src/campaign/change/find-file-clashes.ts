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
 * files, they don't exclude each other, none of them moves the path out of the way, and it is not the same file to a packaging
 * system that allows that. What both had in the earlier state is not new.
 * @param others packages of the same state that were not changed.
 * @param wereShared whether both already had the path before.
 */
export function findFileClashes(
  archive: Archive,
  changed: readonly OpenedPackage[],
  others: readonly OpenedPackage[],
  wereShared: (path: string, changed: ResolvedPackage, other: ResolvedPackage) => boolean,
): FileClash[] {
  const owners = new Map<string, Owner[]>();
  for (const one of changed) for (const file of one.files.files) note(owners, { one, file });
  const clashes: FileClash[] = [];
  const judge = (path: string, owner: Owner, another: Owner): void => {
    const [one, other] = [owner.one, another.one];
    if (owner.file.likeness !== undefined && owner.file.likeness === another.file.likeness) return;
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
    for (const file of other.files.files) {
      for (const owner of owners.get(file.path) ?? []) judge(file.path, owner, { one: other, file });
    }
  }
  return clashes.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** A package as reports name it. */
export function namedPackage({ name, version, architecture }: ResolvedPackage): NamedPackage {
  return { package: name, version, architecture };
}

interface Owner {
  readonly one: OpenedPackage;
  readonly file: UnpackedFiles['files'][number];
}

function note(owners: Map<string, Owner[]>, owner: Owner): void {
  const known = owners.get(owner.file.path);
  if (known === undefined) owners.set(owner.file.path, [owner]);
  else known.push(owner);
}
