// SPDX-License-Identifier: GPL-2.0-or-later
import { satisfies } from '../version.ts';

/** What is looked at of a universe. */
interface Versions {
  readonly current: ArrayLike<number>;
  rowsOfName(name: number): readonly number[];
  isUsable(row: number): boolean;
  versionText(row: number): string;
  localIndex(row: number): number;
  repositoryPriority(row: number): number | undefined;
}

/** Pin priority of a version that is only installed (apt_preferences(5)). */
const installedPriority = 100;

/** Pin priority of the user's own packages: chosen before any repository's version, even when it is older. */
const localPriority = 1001;

/**
 * apt's choice among a name's versions (apt_preferences(5)): the highest priority, then the newest version, never an
 * older one than is installed unless its priority is 1000 or more. Returns the row, or -1 where there is none.
 */
export function policyCandidate(universe: Versions, name: number): number {
  const current = universe.current[name] ?? -1;
  const rows = universe.rowsOfName(name).filter((row) => universe.isUsable(row));
  if (rows.length === 1 && current < 0) return rows[0] ?? -1;
  let best = -1;
  let bestPriority = 0;
  const newestFirst = rows
    .map((row) => ({ row, version: universe.versionText(row) }))
    .sort((a, b) =>
      satisfies(a.version, '>>', b.version) ? -1 : satisfies(a.version, '<<', b.version) ? 1 : 0,
    );
  for (const { row, version } of newestFirst) {
    const priority = pinOf(universe, row, current);
    if (priority <= bestPriority) continue;
    if (current >= 0 && priority < 1000 && satisfies(version, '<<', universe.versionText(current))) continue;
    best = row;
    bestPriority = priority;
  }
  return best;
}

function pinOf(universe: Versions, row: number, current: number): number {
  if (universe.localIndex(row) >= 0) return localPriority;
  const priority = universe.repositoryPriority(row);
  if (priority === undefined) return installedPriority;
  return row === current ? Math.max(priority, installedPriority) : priority;
}
