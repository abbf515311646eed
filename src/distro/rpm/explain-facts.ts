// SPDX-License-Identifier: GPL-2.0-or-later
import type { SolveFact } from '../../host/libsolv/solve.ts';
import { dependencyNames } from './metadata/dependency-names.ts';
import type { RepositoryPool } from './repository-pool.ts';

const mostAlternatives = 3;

/**
 * The facts that make a request unsolvable, a line for each: from what asks down to what is missing or contradicts, with
 * what there is of a name instead. @param asker what asks: `the source`.
 */
export function explainFacts(
  repositories: RepositoryPool,
  facts: readonly SolveFact[],
  asker: string,
): string {
  const depths = depthsOf(repositories, facts);
  const told = facts.filter(({ kind }) => kind !== 'request' || facts.length === 1);
  const lines = told
    .map((fact) => ({ depth: depths.get(fact.from) ?? depths.size, line: lineOf(repositories, fact, asker) }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ line }) => line);
  return [...new Set(lines)].join('\n');
}

/** How many steps lie between the request and each package that a fact is about. */
function depthsOf({ pool }: RepositoryPool, facts: readonly SolveFact[]): Map<number, number> {
  const depths = new Map<number, number>([[0, 0]]);
  const required = new Set<number>();
  for (const { kind, dependency } of facts) {
    if (kind === 'requires') for (const id of pool.providers(dependency)) required.add(id);
  }
  const queue = [0, ...facts.map(({ from }) => from).filter((id) => id !== 0 && !required.has(id))];
  for (const id of queue) if (!depths.has(id)) depths.set(id, 1);
  for (const id of queue) {
    for (const { kind, from, dependency } of facts) {
      if (kind !== 'requires' || from !== id) continue;
      for (const provider of pool.providers(dependency)) {
        if (depths.has(provider)) continue;
        depths.set(provider, (depths.get(id) ?? 0) + 1);
        queue.push(provider);
      }
    }
  }
  return depths;
}

function lineOf(repositories: RepositoryPool, fact: SolveFact, asker: string): string {
  const { pool } = repositories;
  const who = fact.from === 0 ? asker : pool.describe(fact.from);
  switch (fact.kind) {
    case 'nothing-provides':
      return `${who} needs ${pool.dependencyText(fact.dependency)}, which nothing provides${whatThereIs(repositories, fact.dependency)}`;
    case 'requires':
      return `${who} needs ${pool.dependencyText(fact.dependency)}, of which nothing can be installed`;
    case 'conflicts':
    case 'request':
    case 'not-installable':
    case 'other':
      return fact.text;
  }
}

/** What there is of the names in a dependency, in other versions: ` (there is lua-5.4.6-1.x86_64)`, or nothing. */
export function whatThereIs({ pool }: RepositoryPool, dependency: number): string {
  const found = dependencyNames(pool.dependencyText(dependency)).flatMap((name) => {
    const text = pool.findText(name);
    return text === 0 ? [] : pool.providers(text).filter((id) => id > 1);
  });
  if (found.length === 0) return '';
  const names = [...new Set(found)].slice(0, mostAlternatives).map((id) => pool.describe(id));
  return ` (there is ${names.join(', ')}${found.length > mostAlternatives ? ', …' : ''})`;
}
