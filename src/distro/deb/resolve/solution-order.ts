// SPDX-License-Identifier: GPL-2.0-or-later
import type { Marking } from './marking.ts';
import type { Universe } from './universe.ts';

/**
 * The candidates that satisfy a clause, in the order in which apt's internal solver tries them: those that would
 * upgrade something installed before the new ones, then the alternatives as they stand, and within one alternative
 * {@link compareProviders}. What was ruled out by something protected is left out.
 */
export function orderedSolutions(marking: Marking, start: number): number[] {
  const { universe } = marking;
  const upgrades: number[] = [];
  const fresh: number[] = [];
  for (let index = start; ; index++) {
    const item = universe.relations[index] ?? 0;
    const atom = item >> 1;
    const rows: number[] = [];
    for (const row of universe.targets(atom)) if (marking.isCandidate(row)) rows.push(row);
    if (rows.length > 1) {
      const target = universe.preferredName(atom);
      rows.sort((a, b) => compareProviders(marking, target, a, b));
    }
    for (const row of rows) {
      const name = universe.nameOfRow[row] ?? 0;
      if (marking.protected[name] === 1 && marking.install[name] === -1) continue;
      const list = (universe.current[name] ?? -1) >= 0 ? upgrades : fresh;
      if (list.at(-1) !== row) list.push(row);
    }
    if ((item & 1) === 0) return [...upgrades, ...fresh];
  }
}

/**
 * Which of two packages that satisfy one atom apt tries first: protected ones, installed ones, the one of the wanted
 * name, essential ones, important ones, the higher priority; at last the one whose name apt's cache met later.
 */
function compareProviders(marking: Marking, target: number, a: number, b: number): number {
  const { universe } = marking;
  const nameA = universe.nameOfRow[a] ?? 0;
  const nameB = universe.nameOfRow[b] ?? 0;
  return (
    (marking.protected[nameB] ?? 0) - (marking.protected[nameA] ?? 0) ||
    Number(isSameInstalled(universe, b, nameB)) - Number(isSameInstalled(universe, a, nameA)) ||
    Number((universe.current[nameB] ?? -1) >= 0) - Number((universe.current[nameA] ?? -1) >= 0) ||
    Number(nameB === target) - Number(nameA === target) ||
    Number(universe.hasFlag(b, 'essential')) - Number(universe.hasFlag(a, 'essential')) ||
    Number(universe.hasFlag(b, 'important')) - Number(universe.hasFlag(a, 'important')) ||
    (universe.priorities[a] ?? 0) - (universe.priorities[b] ?? 0) ||
    (universe.nameOrder[nameB] ?? 0) - (universe.nameOrder[nameA] ?? 0)
  );
}

function isSameInstalled(universe: Universe, row: number, name: number): boolean {
  return universe.hasFlag(row, 'same') && (universe.current[name] ?? -1) >= 0;
}
