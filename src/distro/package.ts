// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { PackageFile } from './source-input.ts';

/** A package file of the user's or of a build. */
export interface LocalPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly fileName: string;
  readonly path: string;
  readonly sha256: Sha256;
  readonly bytes: number;
}

export type ResolvedPackage =
  | ({ readonly from: 'repository' } & PackageFile)
  | ({ readonly from: 'local' } & LocalPackage);
