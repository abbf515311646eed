// SPDX-License-Identifier: GPL-2.0-or-later
/** A source whose build dependencies no set of the archive's packages satisfies. */
export interface UnsatisfiableSource {
  readonly source: string;
  readonly version: string;
  readonly why: string;
}

/** A package that can't be installed beside the essential ones. */
export interface UninstallablePackage {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly why: string;
}

/** A dependency that no package of the archive satisfies, conflicts left aside. */
export interface UnmetDependency {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  /** As it stands in the package: `libfoo1 (>= 2) | foo`. */
  readonly dependency: string;
  /** A line for each alternative: what there is instead. */
  readonly why: string;
}

/**
 * What can't be had of an archive, each list sorted by name; `why` has a line per fact: the chain from the subject down
 * to what is missing with what there is instead, or the facts that contradict each other.
 */
export interface ArchiveCheck {
  readonly unsatisfiable: readonly UnsatisfiableSource[];
  readonly uninstallable: readonly UninstallablePackage[];
}

/** What is broken after a change and was not before it. */
export interface ArchiveComparison extends ArchiveCheck {
  readonly unmet: readonly UnmetDependency[];
  /** How much was broken before and is not any more, of what is still there. */
  readonly mended: { readonly unmet: number; readonly uninstallable: number; readonly unsatisfiable: number };
}
