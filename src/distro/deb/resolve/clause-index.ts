// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from './universe.ts';

/**
 * Who would be touched if a row could not, or must, be installed: for every row that may be chosen at all (candidates
 * and installed versions), the clauses that it satisfies and the rows that exclude it. Made once per universe.
 */
export interface ClauseIndex {
  /** Ranges of `usersOf`: pairs of the row that owns a clause and the clause's start in `relations`. */
  readonly userStarts: Uint32Array;
  readonly users: Uint32Array;
  /** Ranges of `excluders`: rows whose Conflicts or Breaks a row would violate. */
  readonly excluderStarts: Uint32Array;
  readonly excluders: Uint32Array;
}

/** Whether a row may be chosen: it is its name's candidate, or it is installed. */
export function isChoosable(universe: Universe, row: number): boolean {
  const name = universe.nameOfRow[row] ?? 0;
  return universe.candidate[name] === row || universe.current[name] === row;
}

/** Indexes all choosable rows but the request. */
export function indexClauses(universe: Universe): ClauseIndex {
  const rows = universe.rowCount - 1;
  const userCounts = new Uint32Array(rows + 1);
  const excluderCounts = new Uint32Array(rows + 1);
  forEachUse(universe, (target) => {
    userCounts[target + 1] = (userCounts[target + 1] ?? 0) + 1;
  });
  forEachExclusion(universe, (target) => {
    excluderCounts[target + 1] = (excluderCounts[target + 1] ?? 0) + 1;
  });
  for (let row = 0; row < rows; row++) {
    userCounts[row + 1] = (userCounts[row + 1] ?? 0) + (userCounts[row] ?? 0);
    excluderCounts[row + 1] = (excluderCounts[row + 1] ?? 0) + (excluderCounts[row] ?? 0);
  }
  const users = new Uint32Array(2 * (userCounts[rows] ?? 0));
  const excluders = new Uint32Array(excluderCounts[rows] ?? 0);
  const userFill = userCounts.slice();
  const excluderFill = excluderCounts.slice();
  forEachUse(universe, (target, owner, clause) => {
    const at = userFill[target] ?? 0;
    userFill[target] = at + 1;
    users[2 * at] = owner;
    users[2 * at + 1] = clause;
  });
  forEachExclusion(universe, (target, owner) => {
    const at = excluderFill[target] ?? 0;
    excluderFill[target] = at + 1;
    excluders[at] = owner;
  });
  return { userStarts: userCounts, users, excluderStarts: excluderCounts, excluders };
}

function forEachUse(universe: Universe, use: (target: number, owner: number, clause: number) => void): void {
  for (let owner = 0; owner < universe.root; owner++) {
    if (!isChoosable(universe, owner)) continue;
    const end = universe.conflictsStart(owner);
    let clause = universe.needsStart(owner);
    for (let index = clause; index < end; index++) {
      const item = universe.relations[index] ?? 0;
      for (const target of universe.targets(item >> 1))
        if (isChoosable(universe, target)) use(target, owner, clause);
      if ((item & 1) === 0) clause = index + 1;
    }
  }
}

function forEachExclusion(universe: Universe, use: (target: number, owner: number) => void): void {
  for (let owner = 0; owner < universe.root; owner++) {
    if (!isChoosable(universe, owner)) continue;
    const name = universe.nameOfRow[owner];
    const end = universe.conflictsEnd(owner);
    for (let index = universe.conflictsStart(owner); index < end; index++) {
      for (const target of universe.targets((universe.relations[index] ?? 0) >> 1)) {
        if (universe.nameOfRow[target] !== name && isChoosable(universe, target)) use(target, owner);
      }
    }
  }
}
