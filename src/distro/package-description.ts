// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';

/** What a built package is, for comparing it with another build of it. */
export interface PackageDescription {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of the package file. */
  readonly bytes: number;
  /** As the package says. */
  readonly installedBytes: number;
  /** By field, as the packaging system writes it (`Depends`, `Provides`): its relations, each as it stands there. */
  readonly relations: ReadonlyMap<string, readonly string[]>;
  /** By absolute path. */
  readonly files: ReadonlyMap<string, DescribedFile>;
  /** Maintainer scripts and what else the packaging system acts on, by name. */
  readonly scripts: ReadonlyMap<string, Sha256>;
}

export interface DescribedFile {
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link' | 'special';
  /** As `ls` shows it: `rw-r--r--`. */
  readonly mode: string;
  /** `user/group`. */
  readonly owner: string;
  readonly bytes: number;
  /** Of links. */
  readonly target?: string;
}
