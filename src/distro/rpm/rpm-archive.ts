// SPDX-License-Identifier: GPL-2.0-or-later
import { selectOf } from '../../host/libsolv/solv-pool.ts';
import { solve } from '../../host/libsolv/solve.ts';
import type { Archive, ArchiveState } from '../archive-check.ts';
import type { ResolvedPackage } from '../distribution.ts';
import { type ArchivePool, openArchivePool } from './archive-pool.ts';

/** Opens a state of an archive for questions about single packages. */
export async function openArchive(state: ArchiveState): Promise<Archive> {
  return new RpmArchive(openArchivePool(state));
}

class RpmArchive implements Archive {
  readonly #archive: ArchivePool;

  constructor(archive: ArchivePool) {
    this.#archive = archive;
  }

  *packages(): Iterable<ResolvedPackage> {
    for (const id of this.#archive.packages) yield this.#archive.resolver.packageOf(id);
  }

  find(name: string): ResolvedPackage | undefined {
    const { pool } = this.#archive.resolver.repositories;
    const text = pool.findText(name);
    const all = text === 0 ? [] : pool.matching(selectOf.name, text);
    const [newest] = all.sort((a, b) => pool.compareVersions(pool.evrId(b), pool.evrId(a)) || a - b);
    return newest === undefined ? undefined : this.#archive.resolver.packageOf(newest);
  }

  installSetOf(one: ResolvedPackage): readonly ResolvedPackage[] | undefined {
    const { resolver } = this.#archive;
    const what = this.#idOf(one);
    if (what === undefined) return undefined;
    const jobs = [{ action: 'install', select: selectOf.solvable, what } as const];
    const end = solve(resolver.repositories.pool, { jobs });
    return end.kind === 'solved' ? end.installs.map((id) => resolver.packageOf(id)) : undefined;
  }

  dependentsOf(one: ResolvedPackage): readonly ResolvedPackage[] {
    const { resolver, packages } = this.#archive;
    const id = this.#idOf(one);
    if (id === undefined) return [];
    const known = new Set(packages);
    const dependents = resolver.repositories.pool.whoNames('solvable:requires', id);
    return dependents
      .filter((other) => other !== id && known.has(other))
      .map((other) => resolver.packageOf(other));
  }

  mayShareFiles(one: ResolvedPackage, other: ResolvedPackage): boolean {
    if (one.name === other.name) return true;
    const { pool } = this.#archive.resolver.repositories;
    const [a, b] = [this.#idOf(one), this.#idOf(other)];
    if (a === undefined || b === undefined) return true;
    const excludes = (id: number, target: number): boolean =>
      pool.whoNames('solvable:conflicts', target).includes(id) ||
      pool.whoNames('solvable:obsoletes', target).includes(id);
    return excludes(a, b) || excludes(b, a);
  }

  #idOf(one: ResolvedPackage): number | undefined {
    const { resolver } = this.#archive;
    const { repositories } = resolver;
    if (one.from === 'local') return resolver.localId(one);
    return repositories.preferredFirst(repositories.packagesOfName(one.name)).find((id) => {
      const isSame =
        repositories.version(id) === one.version && repositories.architecture(id) === one.architecture;
      return isSame && repositories.packageFile(id).sha256 === one.sha256;
    });
  }
}
