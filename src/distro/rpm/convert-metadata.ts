// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { fillFromRpmMetadata, writeSolv } from '../../host/libsolv/solv-files.ts';
import { SolvPool, type SolvRepository } from '../../host/libsolv/solv-pool.ts';
import type { FetchedRepository } from './fetched-repository.ts';
import { frozenLayout } from './frozen-directory.ts';
import { matchSetsByName } from './match-sets-by-name.ts';

/**
 * Writes `packages.solv` beside each repository's indices: what libsolv loads at once. All are read into one pool, so that
 * files which anything of any of them depends on are looked for once. Lines for people tell which package of the same
 * version has different contents in two repositories. Throws PasekaError index-corrupt, disk-full, tool-missing.
 */
export function convertMetadata(repositories: readonly FetchedRepository[]): string[] {
  using pool = new SolvPool();
  const added = repositories.map((repository) => addRepository(pool, repository));
  const files = pool.addFileProvides();
  for (const [index, { primary }] of repositories.entries()) {
    const solv = added[index];
    if (solv === undefined) continue;
    pool.noteFileProvides(solv, files);
    writeSolv(pool.pointer, solv.pointer, join(dirname(primary), frozenLayout.solv));
  }
  return describeTwins(pool, added, repositories);
}

function addRepository(pool: SolvPool, { frozen, primary, filelists }: FetchedRepository): SolvRepository {
  try {
    const solv = pool.add(frozen.name, frozen.priority, fillFromRpmMetadata(primary, filelists));
    matchSetsByName(pool, solv);
    return solv;
  } catch (error) {
    throw new PasekaError(
      'index-corrupt',
      `the indices of the repository ${frozen.name} (${frozen.uri}) can't be read: ${(error as Error).message}`,
      'make the repository anew (createrepo_c), or take another mirror',
      error,
    );
  }
}

const mostTwins = 5;

/** Packages of one name, version and architecture that differ, and whose counts. */
function describeTwins(
  pool: SolvPool,
  added: readonly SolvRepository[],
  repositories: readonly FetchedRepository[],
): string[] {
  if (added.length < 2) return [];
  const first = new Map<string, { readonly id: number; readonly repository: number }>();
  const lines: string[] = [];
  for (const [repository, solv] of added.entries()) {
    for (const id of pool.solvablesOf(solv)) {
      const key = `${pool.nameId(id)} ${pool.evrId(id)} ${pool.archId(id)}`;
      const known = first.get(key);
      if (known === undefined) {
        first.set(key, { id, repository });
        continue;
      }
      const [one, other] = [repositories[known.repository]?.frozen, repositories[repository]?.frozen];
      const areComparable = one?.packageDigest === other?.packageDigest && known.repository !== repository;
      if (areComparable && pool.lookupChecksum(known.id) !== pool.lookupChecksum(id)) {
        const taken = (other?.priority ?? 0) > (one?.priority ?? 0) ? other : one;
        lines.push(
          `${one?.name} and ${other?.name} have different files of ${pool.describe(id)}: that of ${taken?.name} is taken`,
        );
      }
    }
  }
  if (lines.length <= mostTwins) return lines;
  return [
    ...lines.slice(0, mostTwins),
    `and ${lines.length - mostTwins} more are different in two repositories`,
  ];
}
