// SPDX-License-Identifier: GPL-2.0-or-later
import { parseRelations } from '../catalog/relation-syntax.ts';
import { databaseName, type UnpackedPackage } from './unpacked-package.ts';

/** What dpkg does after the linking and before it configures all: these are configured, then these are unpacked. */
export interface InstallRound {
  /** Names in dpkg's database. */
  readonly configure: readonly string[];
  readonly unpack: readonly UnpackedPackage[];
}

/**
 * Orders what has to happen before all is configured: packages that dpkg has to unpack, whose preinst may need what they
 * pre-depend on, come after that is configured with all that it depends on. So do, for `everyPreDependency`, linked
 * packages: then everything is configured in the order that apt would have. Undefined where no such order is found.
 */
export function planRounds(
  linked: readonly UnpackedPackage[],
  byDpkg: readonly UnpackedPackage[],
  everyPreDependency: boolean,
): InstallRound[] | undefined {
  const offered = new Map<string, UnpackedPackage[]>();
  for (const unpacked of [...linked, ...byDpkg]) {
    for (const name of [unpacked.name, ...relationNames(unpacked, 'provides')]) {
      offered.set(name, [...(offered.get(name) ?? []), unpacked]);
    }
  }
  const neededBy = (unpacked: UnpackedPackage, fields: readonly string[]): UnpackedPackage[] =>
    fields.flatMap((field) => relationNames(unpacked, field)).flatMap((name) => offered.get(name) ?? []);
  const needs = (unpacked: UnpackedPackage): Set<UnpackedPackage> =>
    closure(neededBy(unpacked, ['pre-depends']), neededBy);
  const waiting = new Map([...(everyPreDependency ? linked : []), ...byDpkg].map((one) => [one, needs(one)]));
  const notUnpacked = new Set(byDpkg);

  const rounds: InstallRound[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needed]) => needed.isDisjointFrom(notUnpacked));
    if (ready.length === 0) return undefined;
    const configure = new Set(ready.flatMap(([, needed]) => [...needed]));
    const unpack = ready.map(([unpacked]) => unpacked).filter((unpacked) => notUnpacked.has(unpacked));
    if (configure.size > 0 || unpack.length > 0) {
      rounds.push({ configure: [...configure].map(databaseName), unpack });
    }
    for (const [unpacked] of ready) {
      waiting.delete(unpacked);
      notUnpacked.delete(unpacked);
    }
  }
  return rounds;
}

function closure(
  start: readonly UnpackedPackage[],
  neededBy: (unpacked: UnpackedPackage, fields: readonly string[]) => readonly UnpackedPackage[],
): Set<UnpackedPackage> {
  const found = new Set(start);
  for (const unpacked of found) {
    for (const needed of neededBy(unpacked, ['pre-depends', 'depends'])) found.add(needed);
  }
  return found;
}

/** All names in a relationship field, of every alternative. */
function relationNames(unpacked: UnpackedPackage, field: string): string[] {
  return parseRelations(unpacked.control.get(field) ?? '').flatMap((clause) =>
    clause.map((atom) => atom.name),
  );
}
