// SPDX-License-Identifier: GPL-2.0-or-later
import type { DecidedBy } from '../events/outcome.ts';
import type { Catalog } from './catalog.ts';
import type { LocalPackage, ResolvedPackage } from './package.ts';
import type { FurtherRepositories } from './repository.ts';
import type { CommandEnd } from './root.ts';
import type { SourceFiles, SourceInput } from './source-input.ts';

/** What resolving and installing look at besides the root. */
export interface ResolveContext {
  /** The base's `/`. */
  readonly baseDirectory: string;
  readonly frozenDirectory: string;
  /** Where `Distribution.prepareResolver` put its files for this base. */
  readonly preparedDirectory: string;
  readonly catalog: Catalog;
  readonly scratchDirectory: string;
}

export interface CandidateRequest {
  /** The user's: paths, or what the packaging system takes for a repository. */
  readonly words: readonly string[];
  readonly architecture: string;
  /** Absent where a repository is not wanted: a word is then a file or a directory of package files. */
  readonly further?: FurtherRepositories;
}

export interface CandidateCheckRequest {
  readonly catalog: Catalog;
  readonly architecture: string;
  readonly candidates: readonly LocalPackage[];
}

export interface UninstallableCandidate {
  readonly name: string;
  readonly version: string;
  /** A line per fact, as in {@link ArchiveCheck}. */
  readonly why: string;
}

/** What holds for every question to a resolver. */
interface ResolveRequest {
  /** Local packages that may be used for dependencies, preferred to the repository's; one of each name. */
  readonly candidates: readonly LocalPackage[];
  /** Whether {@link Resolution} is to say why each package is in it; default false. */
  readonly wantsReasons?: boolean;
}

export interface BuildDependencyRequest extends ResolveRequest {
  readonly source: SourceFiles;
  readonly profiles: readonly string[];
}

export interface WantedPackages extends ResolveRequest {
  /** Names, or `name=version`. */
  readonly names: readonly string[];
  /** Local packages to install. */
  readonly local: readonly LocalPackage[];
}

export type Resolution =
  /** In the order of installation where one is known. */
  | {
      readonly kind: 'resolved';
      readonly packages: readonly ResolvedPackage[];
      /** Packages of the base that have to go (build conflicts). */
      readonly removed: readonly string[];
      readonly decidedBy: DecidedBy;
      /** Only a build in a root that has these packages finds out what else the source needs. */
      readonly isFirstRound?: true;
      /** By name: `debhelper → dh-autoreconf: Depends autoconf`, the way from the request and what asked for it. */
      readonly reasons?: ReadonlyMap<string, string>;
    }
  /** The explanation has a line per step: the chain, the versions that are there, the conflict. */
  | { readonly kind: 'unsatisfiable'; readonly explanation: string; readonly decidedBy: DecidedBy }
  | { readonly kind: 'unknown-package'; readonly name: string }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

/** A source says that it is not built on this architecture. */
export interface NotForArchitecture {
  readonly kind: 'not-for-architecture';
  readonly explanation: string;
}

export interface ForeseeRequest {
  readonly sources: readonly SourceInput[];
  readonly profiles: readonly string[];
  readonly candidates: readonly LocalPackage[];
  readonly signal?: AbortSignal;
}
