// SPDX-License-Identifier: GPL-2.0-or-later
import type { Catalog } from './catalog.ts';

export interface ArchiveCheckRequest {
  readonly catalog: Catalog;
  readonly architecture: string;
  /** Build profiles that the sources' build dependencies are read with. */
  readonly profiles: readonly string[];
}

/**
 * What can't be had of an archive, each list sorted by name; `why` has a line per fact: the chain from the subject down
 * to what is missing with what there is instead, or the facts that contradict each other.
 */
export interface ArchiveCheck {
  /** Sources whose build dependencies no set of the archive's packages satisfies. */
  readonly unsatisfiable: readonly {
    readonly source: string;
    readonly version: string;
    readonly why: string;
  }[];
  /** Packages that can't be installed beside the essential ones. */
  readonly uninstallable: readonly {
    readonly package: string;
    readonly version: string;
    readonly architecture: string;
    readonly why: string;
  }[];
}
