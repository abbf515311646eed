// SPDX-License-Identifier: GPL-2.0-or-later
import type { PackageFile, SourceInput } from './source-input.ts';

/** The snapshot's packages and sources; opened once per process, read by all workers. */
export interface Catalog {
  /** The newest version of the repositories that are preferred, or the one asked for. */
  findSource(name: string, version?: string): SourceInput | undefined;
  /** How many relations a source states for building it, alternatives and conflicts counted; 0 where it isn't there. */
  countBuildRelations(name: string, version: string): number;
  findPackage(name: string, version: string, architecture: string): PackageFile | undefined;
  sourceNames(): Iterable<string>;
  packageNames(): Iterable<string>;
  /** That version of every source that belongs to the suite, in the order of names: what there is to choose from. */
  sources(architecture: string): Iterable<SourceFacts>;
  /**
   * Names, sorted, of the sources whose build dependencies name a package or something that it provides, as far as they
   * count for this architecture and these profiles; of a package, of something provided, or of all packages of a
   * source (also written `src:NAME`). At depth 2 those too that need a package of these, and so on. Undefined where the
   * snapshot has nothing of that name.
   */
  sourcesThatNeed(name: string, request: ReverseBuildDependencyRequest): readonly string[] | undefined;
}

/** What choosing looks at of a source. */
export interface SourceFacts {
  readonly name: string;
  readonly version: string;
  readonly section: string;
  /** Each `Name <address>`: the maintainer, then who else uploads it. */
  readonly maintainers: readonly string[];
  /** Whether anything is built from it for the architecture. */
  readonly isBuiltHere: boolean;
}

export interface ReverseBuildDependencyRequest {
  readonly architecture: string;
  readonly profiles: readonly string[];
  /** From 1. */
  readonly depth: number;
}
