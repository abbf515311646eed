// SPDX-License-Identifier: GPL-2.0-or-later

import type { SolvPool } from '../../host/libsolv/solv-pool.ts';
import { type SolveFact, type SolveJob, solve } from '../../host/libsolv/solve.ts';

/** So many things at once are mostly had together, in little more time than one. */
const mostTogether = 256;

/** Something that is to be had by itself. */
export interface Asked<T> {
  readonly subject: T;
  readonly jobs: readonly SolveJob[];
}

/**
 * What can't be had, each by itself, with the facts. What can be had together can be had by itself, so many are asked for
 * at once, and where that fails each half of them.
 */
export function findUnsolvable<T>(
  pool: SolvPool,
  asked: readonly Asked<T>[],
): { readonly subject: T; readonly facts: readonly SolveFact[] }[] {
  const found: { readonly subject: T; readonly facts: readonly SolveFact[] }[] = [];
  const look = (some: readonly Asked<T>[]): void => {
    const [first] = some;
    if (first === undefined) return;
    const end = solve(pool, { jobs: some.flatMap(({ jobs }) => jobs) });
    if (end.kind === 'solved') return;
    if (some.length === 1) {
      found.push({ subject: first.subject, facts: end.facts });
      return;
    }
    const middle = some.length >> 1;
    look(some.slice(0, middle));
    look(some.slice(middle));
  };
  for (let at = 0; at < asked.length; at += mostTogether) look(asked.slice(at, at + mostTogether));
  return found;
}
