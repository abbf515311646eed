// SPDX-License-Identifier: GPL-2.0-or-later
import type { Demand } from './demand.ts';
import type { RepositoryPool } from './repository-pool.ts';

interface Asked extends Pick<Demand, 'asker' | 'needs'> {
  /** Whether a package is installed and stays. */
  readonly isThere: (id: number) => boolean;
}

/**
 * Why each package of an answer is in it, by name: the shortest way from the request along dependencies that nothing
 * installed meets. `a → b: Requires c >= 1` means that a is asked for, needs b, and b needs this package.
 */
export function reasonsOf(
  repositories: RepositoryPool,
  answer: readonly number[],
  { asker, needs, isThere }: Asked,
): Map<string, string> {
  const { pool } = repositories;
  const inAnswer = new Set(answer);
  const ways = new Map<number, readonly string[]>();
  const reasons = new Map<number, string>();
  const queue: number[] = [];
  const reach = (way: readonly string[], text: string, providers: readonly number[]): void => {
    if (providers.some((id) => isThere(id) || reasons.has(id))) return;
    const target = providers.find((id) => inAnswer.has(id));
    if (target === undefined) return;
    reasons.set(target, `${way.length === 0 ? asker : way.join(' → ')}: ${text}`);
    ways.set(target, [...way, repositories.name(target)]);
    queue.push(target);
  };
  for (const { text, providers } of needs) {
    // each thing that is asked for is in the answer by itself, whatever else meets it
    for (const id of providers.length === 1 ? providers : []) {
      if (!reasons.has(id)) reach([], text, [id]);
    }
    reach([], text, providers);
  }
  for (const id of queue) {
    for (const dependency of pool.dependencies(id, 'solvable:requires')) {
      reach(ways.get(id) ?? [], `Requires ${pool.dependencyText(dependency)}`, pool.providers(dependency));
    }
  }
  return new Map(answer.map((id) => [repositories.name(id), reasons.get(id) ?? "the resolver's own choice"]));
}
