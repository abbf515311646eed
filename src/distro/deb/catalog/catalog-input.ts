// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../../../base/digest.ts';

/** One index file of a frozen repository: what a catalog is made from. */
export interface CatalogInput {
  readonly kind: 'packages' | 'sources';
  /** Where the uncompressed list is on this machine. */
  readonly path: string;
  /** Root of the repository: a package's file is `uri/Filename`. */
  readonly uri: string;
  readonly suite: string;
  readonly codename: string;
  readonly component: string;
  /** `NotAutomatic: yes` in the release file. */
  readonly notAutomatic: boolean;
  /** `ButAutomaticUpgrades: yes` in the release file. */
  readonly butAutomaticUpgrades: boolean;
  /** Pin priority that the user asked for; undefined takes apt's default (apt_preferences(5)). */
  readonly priority?: number;
  /** Digest of the uncompressed list where the freeze knows it; without one, size and change time stand for it. */
  readonly sha256?: Sha256;
}

/** What the catalog keeps of a {@link CatalogInput}: a package refers to it by its number. */
export interface CatalogRepository {
  readonly kind: 'packages' | 'sources';
  readonly uri: string;
  readonly suite: string;
  readonly codename: string;
  readonly component: string;
  readonly priority: number;
}

/** apt's default priorities (apt_preferences(5)): 500, 1 for NotAutomatic, 100 with ButAutomaticUpgrades. */
export function pinPriority(input: CatalogInput): number {
  if (input.priority !== undefined) return input.priority;
  if (!input.notAutomatic) return 500;
  return input.butAutomaticUpgrades ? 100 : 1;
}

/** What the catalog remembers of its inputs. */
export function repositoryOf(input: CatalogInput): CatalogRepository {
  const { kind, uri, suite, codename, component } = input;
  return { kind, uri, suite, codename, component, priority: pinPriority(input) };
}
