// SPDX-License-Identifier: GPL-2.0-or-later
import type { DigestAlgorithm, Sha256 } from '../base/digest.ts';

/** A file that a repository offers: where it is and what it must be. */
export interface RemoteFile {
  /** The name that tools expect it under, without a directory. */
  readonly fileName: string;
  readonly url: string;
  readonly bytes: number;
  /** What it is called by its content (base/digest.ts, contentName). */
  readonly sha256: Sha256;
  /** The digest by which the repository knows it, where that is none by SHA-256. */
  readonly hashedBy?: DigestAlgorithm;
  /**
   * Keys that it has to be signed with, as paths in the frozen directory, where that its digest is right is not enough: the
   * index that has it is not signed itself, or the user wants both.
   */
  readonly signedBy?: readonly string[];
}

/** A binary package that a repository offers. */
export interface PackageFile extends RemoteFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** A source as it was asked for: in the repository, a source package of the user's, or an unpacked directory. */
export type SourceInput =
  | {
      readonly kind: 'repository';
      readonly name: string;
      readonly version: string;
      /** The source package's files; the first is the one that describes it (.dsc). */
      readonly files: readonly RemoteFile[];
    }
  | {
      readonly kind: 'local';
      readonly name: string;
      readonly version: string;
      /** Absolute paths, checked against their description already; the first is the one that describes it (.dsc). */
      readonly paths: readonly string[];
    }
  | {
      readonly kind: 'directory';
      readonly name: string;
      readonly version: string;
      /** Absolute path of the unpacked source. */
      readonly path: string;
    };

/** A source with all its files on this machine. */
export interface SourceFiles {
  readonly input: SourceInput;
  /** For packed sources: each file's name and its path outside, the describing one first. Empty for a directory. */
  readonly files: readonly { readonly fileName: string; readonly path: string }[];
}
