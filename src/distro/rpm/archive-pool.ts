// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../base/invariant.ts';
import { selectOf } from '../../host/libsolv/solv-pool.ts';
import type { ArchiveState } from '../archive-check.ts';
import { RpmCatalog } from './rpm-catalog.ts';
import { RpmResolver } from './rpm-resolver.ts';

/** A state of an archive in which nothing is installed. */
export interface ArchivePool extends Disposable {
  readonly resolver: RpmResolver;
  /** Every package that can be installed on its architecture, in all versions. */
  readonly packages: readonly number[];
  /** Every source, in all versions; without those of which the index says that they are not for the architecture. */
  readonly sources: readonly number[];
}

/** Opens it: the user's own packages take the place of all versions of their names. Throws PasekaError as opening does. */
export function openArchivePool({ catalog, overlay }: ArchiveState): ArchivePool {
  invariant(catalog instanceof RpmCatalog, 'a catalog of another packaging system');
  const names = new Set(overlay.map(({ name }) => name));
  const { frozenDirectory, frozen } = catalog;
  const resolver = RpmResolver.over(frozenDirectory, frozen, undefined, (name) => !names.has(name));
  resolver.use(overlay);
  const { repositories } = resolver;
  const { pool } = repositories;
  const installable = new Set<number>();
  for (const name of [...repositories.packageNames(), ...names]) {
    const text = pool.findText(name);
    for (const id of text === 0 ? [] : pool.matching(selectOf.name, text)) installable.add(id);
  }
  const foreign = new Set(frozen.repositories.flatMap(({ foreignSources }) => foreignSources));
  const sources = repositories.sourceNames().filter((name) => !foreign.has(name));
  return {
    resolver,
    packages: [...installable].sort((a, b) => a - b),
    sources: sources.flatMap((name) => repositories.sourcesOfName(name)),
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}
