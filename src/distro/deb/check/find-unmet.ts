// SPDX-License-Identifier: GPL-2.0-or-later
import type { UnmetDependency } from '../../archive-check.ts';
import { whatIsThere } from '../resolve/explain-missing.ts';
import type { Universe } from '../resolve/universe.ts';
import { clauseText } from './installability-problem.ts';

/** Every dependency of a package that no package of the archive satisfies, by the packages' names. */
export function findUnmet(universe: Universe): UnmetDependency[] {
  const found: UnmetDependency[] = [];
  for (let row = 0; row < universe.root; row++) {
    if (!universe.isUsable(row)) continue;
    for (const clause of unmetClauses(universe, row)) {
      const { name, version, architecture } = universe.describe(row);
      const why = atomsOf(universe, clause).map((atom) => whatIsThere(universe, atom));
      const dependency = clauseText(universe, clause);
      found.push({ package: name, version, architecture, dependency, why: why.join('\n') });
    }
  }
  return found.sort((a, b) => (a.package < b.package ? -1 : Number(a.package > b.package)));
}

function* unmetClauses(universe: Universe, row: number): Generator<number> {
  const end = universe.conflictsStart(row);
  let clause = universe.needsStart(row);
  let met = false;
  for (let index = clause; index < end; index++) {
    const item = universe.relations[index] ?? 0;
    met ||= universe.targets(item >> 1).length > 0;
    if ((item & 1) !== 0) continue;
    if (!met) yield clause;
    met = false;
    clause = index + 1;
  }
}

function atomsOf(universe: Universe, clause: number): number[] {
  const atoms: number[] = [];
  for (let index = clause; ; index++) {
    const item = universe.relations[index] ?? 0;
    atoms.push(item >> 1);
    if ((item & 1) === 0) return atoms;
  }
}
