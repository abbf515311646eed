// SPDX-License-Identifier: GPL-2.0-or-later
import { selectOf } from '../../host/libsolv/solv-pool.ts';
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
  const told = facts.filter(({ kind, select }) => {
    // a package that is asked about itself speaks in the next line
    return kind !== 'request' || select !== selectOf.solvable || facts.length === 1;
  });
  return [...new Set(inChains(repositories, told).map((fact) => lineOf(repositories, fact, asker)))].join(
    '\n',
  );
}

/** Each fact, and behind it those about the packages that could meet it, before the next fact of the same package. */
function inChains({ pool }: RepositoryPool, facts: readonly SolveFact[]): SolveFact[] {
  const metBy = new Map(facts.map((fact) => [fact, meeting(pool, fact)]));
  const met = new Set([...metBy.values()].flat());
  const chained = new Set<SolveFact>();
  const seen = new Set<number>();
  const follow = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const fact of facts) {
      if (fact.from !== id) continue;
      chained.add(fact);
      for (const other of metBy.get(fact) ?? []) follow(other);
    }
  };
  follow(0);
  for (const { from } of facts) if (!met.has(from)) follow(from);
  for (const { from } of facts) follow(from); // they need each other
  return [...chained];
}

/** Packages that could meet what a fact is about. */
function meeting(pool: RepositoryPool['pool'], { kind, select, dependency }: SolveFact): number[] {
  switch (kind) {
    case 'request':
      return select === 0 ? [] : pool.matching(select, dependency);
    case 'requires':
      return pool.providers(dependency);
    case 'nothing-provides':
    case 'conflicts':
    case 'not-installable':
    case 'other':
      return [];
  }
}

function lineOf(repositories: RepositoryPool, fact: SolveFact, asker: string): string {
  const { pool } = repositories;
  const who = fact.from === 0 ? asker : pool.describe(fact.from);
  switch (fact.kind) {
    case 'nothing-provides':
      return `${who} needs ${pool.dependencyText(fact.dependency)}, which nothing provides${whatThereIs(repositories, fact.dependency)}`;
    case 'requires':
      return `${who} needs ${pool.dependencyText(fact.dependency)}, of which nothing can be installed`;
    case 'request':
      return requestOf(repositories, fact, asker) ?? fact.text;
    case 'conflicts':
    case 'not-installable':
    case 'other':
      return fact.text;
  }
}

/** Undefined for what has no words of its own. */
function requestOf(
  { pool }: RepositoryPool,
  { select, dependency }: SolveFact,
  asker: string,
): string | undefined {
  switch (select) {
    case selectOf.provides:
      return `${asker} needs ${pool.dependencyText(dependency)}, of which nothing can be installed`;
    case selectOf.oneOf: {
      const names = new Set(pool.matching(select, dependency).map((id) => pool.text(pool.nameId(id))));
      return `${asker} needs ${[...names].join(' or ')}, of which nothing can be installed`;
    }
    default:
      return undefined;
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
