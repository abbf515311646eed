// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { PackageFile } from './source-input.ts';

/** One repository line, parsed. */
export interface Repository {
  readonly uri: string;
  readonly suite: string;
  /** Empty for a flat repository, whose suite is a path ending in `/`. */
  readonly components: readonly string[];
  /**
   * Path of a keyring outside, several separated by commas (key fingerprints may stand among them), or an armoured
   * public key block; undefined takes the host's trusted keys.
   */
  readonly signedBy?: string;
  /** The user's own explicit word that no signature is needed. */
  readonly trusted?: boolean;
  /** False where the user's source says that an expired release file is to be taken. */
  readonly checkValidUntil?: boolean;
  /** The only architectures that it is to be used for; undefined: any. */
  readonly architectures?: readonly string[];
  /** True where only its source packages are to be taken. */
  readonly sourcesOnly?: boolean;
  /** The user's order of preference where the source gives one: the lower the number, the more it is preferred. */
  readonly priority?: number;
  /**
   * What has to be signed: its index (the default); each of its packages, where an index without signature does; or both.
   */
  readonly signatureOf?: 'index' | 'packages' | 'both';
}

/** What the user said about repositories. */
export interface WantedRepositories {
  /** Default: this host's own. */
  readonly suite?: string;
  /** Take the suite from this address. */
  readonly mirror?: string;
  /** Take all repositories of this file, in the packaging system's own format. */
  readonly sources?: string;
  /** Take the repositories at these addresses, for packaging systems whose repositories need no more than that. */
  readonly repo?: readonly string[];
  readonly components?: string;
  readonly keyring?: string;
}

export interface ChosenRepositories {
  readonly suite: string;
  readonly repositories: readonly Repository[];
}

export interface FreezeRequest {
  readonly repositories: readonly Repository[];
  readonly architecture: string;
  /** Called now and then with a line for people. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface FrozenRepositories {
  /** Digest of all signed release files with what was taken from each (components, architecture). */
  readonly id: Sha256;
  readonly releases: readonly FrozenRelease[];
}

export interface FrozenRelease {
  readonly uri: string;
  readonly suite: string;
  readonly codename: string;
  readonly origin: string;
  readonly components: readonly string[];
  /** As the release file says, ISO 8601. */
  readonly date: string;
  readonly signed: boolean;
  /** True where each of its packages has to be signed, which is checked when it is used. */
  readonly signedPackages?: boolean;
}

/** What freezing a repository beside the snapshot takes. */
export interface FurtherRepositories {
  /** Existing; nothing is left in it. */
  readonly scratchDirectory: string;
  /** Brings package files to this machine; their paths, in the same order. */
  readonly fetch: (files: readonly PackageFile[]) => Promise<readonly string[]>;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}
