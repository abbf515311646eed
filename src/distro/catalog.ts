// SPDX-License-Identifier: GPL-2.0-or-later
import type { PackageFile, SourceInput } from './source-input.ts';

/** The snapshot's packages and sources; opened once per process, read by all workers. */
export interface Catalog {
  /** The newest version, or the one asked for. */
  findSource(name: string, version?: string): SourceInput | undefined;
  findPackage(name: string, version: string, architecture: string): PackageFile | undefined;
  sourceNames(): Iterable<string>;
  packageNames(): Iterable<string>;
}
