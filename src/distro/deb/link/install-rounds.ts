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
 * packages: then everything is configured in the order that apt would have. What `isImmediate` is configured before all
 * that can wait, with what it depends on. Undefined where no such order is found.
 */
export function planRounds(
  linked: readonly UnpackedPackage[],
  byDpkg: readonly UnpackedPackage[],
  everyPreDependency: boolean,
  isImmediate: (unpacked: UnpackedPackage) => boolean = () => false,
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
  let immediate = [...linked, ...byDpkg].filter(isImmediate).map((one) => closure([one], neededBy));
  const waiting = new Map([...(everyPreDependency ? linked : []), ...byDpkg].map((one) => [one, needs(one)]));
  const notUnpacked = new Set(byDpkg);
  const configured = new Set<UnpackedPackage>();

  const rounds: InstallRound[] = [];
  const addRound = (
    needed: readonly ReadonlySet<UnpackedPackage>[],
    unpack: readonly UnpackedPackage[],
  ): void => {
    // dpkg refuses to configure what it has configured
    const configure = new Set(needed.flatMap((set) => [...set])).difference(configured);
    if (configure.size > 0 || unpack.length > 0)
      rounds.push({ configure: [...configure].map(databaseName), unpack });
    for (const unpacked of configure) configured.add(unpacked);
  };
  const isReady = (needed: ReadonlySet<UnpackedPackage>): boolean => needed.isDisjointFrom(notUnpacked);
  for (;;) {
    addRound(immediate.filter(isReady), []);
    immediate = immediate.filter((needed) => !isReady(needed));
    if (waiting.size === 0) return rounds;
    const ready = [...waiting].filter(([, needed]) => isReady(needed));
    if (ready.length === 0) return undefined;
    const unpack = ready.map(([unpacked]) => unpacked).filter((unpacked) => notUnpacked.has(unpacked));
    addRound(
      ready.map(([, needed]) => needed),
      unpack,
    );
    for (const [unpacked] of ready) {
      waiting.delete(unpacked);
      notUnpacked.delete(unpacked);
    }
  }
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
