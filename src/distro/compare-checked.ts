// SPDX-License-Identifier: GPL-2.0-or-later
import type { ArchiveCheck, ArchiveComparison, UnmetDependency } from './archive-check.ts';

/** An archive that was looked at, for being compared. */
export interface CheckedArchive {
  readonly check: ArchiveCheck;
  readonly unmet: readonly UnmetDependency[];
  /** Versions of each package ({@link packageKey}) and of each source. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What is broken in an archive and was not in an earlier state of it. A package or source is newly broken unless it was
 * broken in this very version, or in every version that there was; one that is new must not be broken. A dependency is
 * newly unmet unless the same package had it unmet in some version.
 */
export function compareChecked(old: CheckedArchive, now: CheckedArchive): ArchiveComparison {
  const unmetKey = (one: UnmetDependency): string => `${packageKey(one)} ${one.dependency}`;
  const oldUnmet = new Set(old.unmet.map(unmetKey));
  const nowUnmet = new Set(now.unmet.map(unmetKey));
  const stillThere = old.unmet.filter((one) => now.packages.has(packageKey(one)));
  const sourceKey = ({ source }: { readonly source: string }): string => source;
  return {
    unmet: now.unmet.filter((one) => !oldUnmet.has(unmetKey(one))),
    uninstallable: newlyBroken(old.check.uninstallable, now.check.uninstallable, old.packages, packageKey),
    unsatisfiable: newlyBroken(old.check.unsatisfiable, now.check.unsatisfiable, old.sources, sourceKey),
    mended: {
      unmet: [...new Set(stillThere.map(unmetKey))].filter((key) => !nowUnmet.has(key)).length,
      uninstallable: newlyBroken(
        now.check.uninstallable,
        old.check.uninstallable,
        now.packages,
        packageKey,
      ).filter((one) => now.packages.has(packageKey(one))).length,
      unsatisfiable: newlyBroken(
        now.check.unsatisfiable,
        old.check.unsatisfiable,
        now.sources,
        sourceKey,
      ).filter((one) => now.sources.has(one.source)).length,
    },
  };
}

/** What is the same package in another state: its name and architecture. */
export function packageKey(one: { readonly package: string; readonly architecture: string }): string {
  return `${one.package} ${one.architecture}`;
}

/** Of `after`, what isn't excused by `before`; `versions` are all that there were before, broken or not. */
function newlyBroken<T extends { readonly version: string }>(
  before: readonly T[],
  after: readonly T[],
  versions: ReadonlyMap<string, ReadonlySet<string>>,
  keyOf: (one: T) => string,
): T[] {
  const broken = new Map<string, Set<string>>();
  for (const one of before) noteVersion(broken, keyOf(one), one.version);
  return after.filter((one) => {
    const were = versions.get(keyOf(one));
    const wereBroken = broken.get(keyOf(one));
    if (were === undefined || wereBroken === undefined) return true;
    return were.has(one.version) ? !wereBroken.has(one.version) : wereBroken.size < were.size;
  });
}

/** Adds a version to those of a key. */
export function noteVersion(map: Map<string, Set<string>>, key: string, version: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([version]));
  else known.add(version);
}
