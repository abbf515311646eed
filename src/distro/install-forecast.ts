// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { NotForArchitecture } from './resolution.ts';

/** What building some sources will probably need: for planning. */
export interface InstallForecast {
  /** Everything that any of the sources needs. */
  readonly packages: readonly ForeseenPackage[];
  /** In the order of the sources. */
  readonly needs: readonly ForeseenNeeds[];
  /** Names of the sources that the base's packages were built from. */
  readonly baseSources: readonly string[];
}

/** What one source needs. */
export type ForeseenNeeds = {
  /** Build profiles that its build dependencies are different with. */
  readonly profiles: readonly string[];
} & (
  | {
      readonly kind: 'resolved';
      /** Places in the forecast's packages. */
      readonly packages: readonly number[];
    }
  | { readonly kind: 'unsatisfiable'; readonly explanation: string }
  /** The source says that nothing is built from it here. */
  | NotForArchitecture
  /** Known when it is built. */
  | { readonly kind: 'undecided' }
);

export interface ForeseenPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: Sha256;
  /** Of the package file. */
  readonly bytes: number;
  readonly installedBytes: number;
  /** Name of the source that it was built from. */
  readonly source: string;
  /** Places of others that it may depend on. */
  readonly dependencies: readonly number[];
  /** What it has in common with those that it probably has to be installed together with, not one after the other. */
  readonly atOnce?: string;
}
