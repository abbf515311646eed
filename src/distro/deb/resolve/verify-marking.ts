// SPDX-License-Identifier: GPL-2.0-or-later
import type { Marking } from './marking.ts';
import type { Universe } from './universe.ts';

/** Everything of the base that could be broken by what is added to it, found once. */
export interface BaseGuards {
  /** For each name that an installed package excludes: pairs of its row and the atom. */
  readonly conflictsByRow: ReadonlyMap<number, readonly (readonly [owner: number, atom: number])[]>;
}

/** Collects what the installed packages exclude, by the rows that would violate it. */
export function guardBase(universe: Universe): BaseGuards {
  const conflictsByRow = new Map<number, (readonly [number, number])[]>();
  for (const name of universe.installedNames) {
    const owner = universe.current[name] ?? -1;
    const end = universe.conflictsEnd(owner);
    for (let index = universe.conflictsStart(owner); index < end; index++) {
      const atom = (universe.relations[index] ?? 0) >> 1;
      for (const row of universe.targets(atom)) {
        if (universe.nameOfRow[row] === name) continue;
        const list = conflictsByRow.get(row);
        if (list === undefined) conflictsByRow.set(row, [[owner, atom]]);
        else list.push([owner, atom]);
      }
    }
  }
  return { conflictsByRow };
}

/**
 * Checks the result as a whole, whatever made it: every changed package and the request have all they need and violate
 * nothing, nothing of the base excludes a changed package, and where the base itself changed, nothing in it lacks
 * anything. Returns what is wrong, for people, or undefined.
 */
export function verifyMarking(
  marking: Marking,
  changed: readonly number[],
  guards: BaseGuards,
): string | undefined {
  const { universe } = marking;
  const rows = [
    universe.root,
    ...changed.map((name) => marking.install[name] ?? -1).filter((row) => row >= 0),
  ];
  for (const row of rows) {
    const wrong = wrongWith(marking, row);
    if (wrong !== undefined) return wrong;
    for (const [owner, atom] of guards.conflictsByRow.get(row) ?? []) {
      if (marking.isInstalled(owner)) return `${textOf(universe, owner)} excludes ${universe.atomText(atom)}`;
    }
  }
  if (changed.some((name) => (universe.current[name] ?? -1) >= 0)) {
    for (const name of universe.installedNames) {
      const row = marking.install[name] ?? -1;
      const wrong = row < 0 ? undefined : wrongWith(marking, row);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function wrongWith(marking: Marking, row: number): string | undefined {
  const { universe } = marking;
  const unsatisfied = marking.firstUnsatisfied(row);
  if (unsatisfied >= 0) {
    return `${textOf(universe, row)} lacks ${universe.atomText((universe.relations[unsatisfied] ?? 0) >> 1)}`;
  }
  const violated = marking.firstViolated(row);
  return violated < 0 ? undefined : `${textOf(universe, row)} excludes ${universe.atomText(violated)}`;
}

function textOf(universe: Universe, row: number): string {
  return row === universe.root ? 'the request' : universe.nameText(universe.nameOfRow[row] ?? 0);
}
