// SPDX-License-Identifier: GPL-2.0-or-later
import type { Catalog } from './catalog.ts';
import type { LocalPackage, ResolvedPackage } from './package.ts';

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

/** An archive as a catalog has it, with packages of the user's own in the place of those of the same names. */
export interface ArchiveState {
  readonly catalog: Catalog;
  readonly architecture: string;
  readonly overlay: readonly LocalPackage[];
}

/** A state of an archive that is asked about single packages. */
export interface Archive {
  /** Everything that can be installed on its architecture. */
  packages(): Iterable<ResolvedPackage>;
  /** The newest of a name. */
  find(name: string): ResolvedPackage | undefined;
  /** A set that it can be installed with, itself included; undefined where none was found. */
  installSetOf(one: ResolvedPackage): readonly ResolvedPackage[] | undefined;
  /** What names it, or something that it provides, as a dependency. */
  dependentsOf(one: ResolvedPackage): readonly ResolvedPackage[];
  /** Whether two packages may have the same file: they are never installed together, or one is to replace the other's. */
  mayShareFiles(one: ResolvedPackage, other: ResolvedPackage): boolean;
}

/** The files of an unpacked package, directories left out. */
export interface UnpackedFiles {
  readonly files: readonly {
    /** Absolute inside a root, at its real place there. */
    readonly path: string;
    readonly kind: 'file' | 'symlink' | 'special';
    /** Where it is outside. */
    readonly location: string;
    /**
     * What it is to this packaging system, where that lets several packages have the same file: those of which this is equal
     * may all put it down. Absent where a path is only ever one package's.
     */
    readonly likeness?: string;
  }[];
  /** Whether the package moves another package's file of this path out of its way. */
  readonly movesAway: (path: string) => boolean;
}

export interface ArchiveCheckRequest extends ArchiveState {
  /** Build profiles that the sources' build dependencies are read with. */
  readonly profiles: readonly string[];
}

export interface ArchiveComparisonRequest {
  readonly before: ArchiveState;
  readonly after: ArchiveState;
  readonly profiles: readonly string[];
}
