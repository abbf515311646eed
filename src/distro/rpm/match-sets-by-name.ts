// SPDX-License-Identifier: GPL-2.0-or-later
import type { SolvPool, SolvRepository } from '../../host/libsolv/solv-pool.ts';

const keys = ['solvable:provides', 'solvable:requires', 'solvable:conflicts', 'solvable:obsoletes'] as const;

/**
 * Lets dependencies on sets of symbols (ALT's `libfoo.so.1 = set:...`) be met by whatever has the name, because libsolv knows
 * versions only and would find none that is equal. Whether the symbols are there, rpm inside a root judges.
 */
export function matchSetsByName(pool: SolvPool, repository: SolvRepository): void {
  const known = new Map<number, number | undefined>();
  const withoutSet = (dependency: number): number | undefined => {
    if (known.has(dependency)) return known.get(dependency);
    const [name, relation = '', version = ''] = pool.dependencyText(dependency).split(' ');
    const isSet = /^[<>]?=?$/.test(relation) && version.startsWith('set:');
    const replacement = isSet ? pool.makeText(name ?? '') : undefined;
    known.set(dependency, replacement);
    return replacement;
  };
  for (const id of pool.solvablesOf(repository)) {
    for (const key of keys) pool.replaceDependencies(id, key, withoutSet);
  }
}
