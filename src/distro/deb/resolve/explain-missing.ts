// SPDX-License-Identifier: GPL-2.0-or-later
import { isChoosable } from './clause-index.ts';
import type { Universe } from './universe.ts';

/**
 * Proves a request unsatisfiable for want of packages, conflicts left aside: the chain from the request to a dependency
 * that no candidate satisfies, each alternative followed. Undefined where there is no such proof. Returns a line per
 * step for a maintainer; where the wanted name exists, what there is of it.
 * @param mayChoose which rows count; default those that apt would.
 */
export function explainMissing(
  universe: Universe,
  mayChoose: (row: number) => boolean = (row) => isChoosable(universe, row),
): string | undefined {
  const hopeless = findHopeless(universe, mayChoose);
  if (!hopeless.has(universe.root)) return undefined;
  const lines: string[] = [];
  const seen = new Set<number>();
  describe(universe, universe.root, hopeless, mayChoose, seen, lines, '');
  return lines.join('\n');
}

/** An explanation without the line that says what was asked for, where that is clear to its reader. */
export function withoutRequestLine(explanation: string): string {
  return explanation
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n');
}

/** Rows reachable from the request that can't be installed, each with the clause that nothing satisfies. */
function findHopeless(universe: Universe, mayChoose: (row: number) => boolean): Map<number, number> {
  const reachable = new Set<number>([universe.root]);
  const dependents = new Map<number, Set<number>>();
  for (const row of reachable) {
    const end = universe.conflictsStart(row);
    for (let index = universe.needsStart(row); index < end; index++) {
      for (const target of universe.targets((universe.relations[index] ?? 0) >> 1).filter(mayChoose)) {
        reachable.add(target);
        const users = dependents.get(target);
        if (users === undefined) dependents.set(target, new Set([row]));
        else users.add(row);
      }
    }
  }
  const hopeless = new Map<number, number>();
  const queue = [...reachable];
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    if (hopeless.has(row) || universe.current[universe.nameOfRow[row] ?? 0] === row) continue;
    const clause = hopelessClause(universe, row, hopeless, mayChoose);
    if (clause < 0) continue;
    hopeless.set(row, clause);
    queue.push(...(dependents.get(row) ?? []));
  }
  return hopeless;
}

function hopelessClause(
  universe: Universe,
  row: number,
  hopeless: ReadonlyMap<number, number>,
  mayChoose: (row: number) => boolean,
): number {
  const end = universe.conflictsStart(row);
  let clause = universe.needsStart(row);
  let hope = false;
  for (let index = clause; index < end; index++) {
    const item = universe.relations[index] ?? 0;
    hope ||= universe.targets(item >> 1).some((target) => mayChoose(target) && !hopeless.has(target));
    if ((item & 1) !== 0) continue;
    if (!hope) return clause;
    hope = false;
    clause = index + 1;
  }
  return -1;
}

function describe(
  universe: Universe,
  row: number,
  hopeless: ReadonlyMap<number, number>,
  mayChoose: (row: number) => boolean,
  seen: Set<number>,
  lines: string[],
  indent: string,
): void {
  if (seen.has(row)) return;
  seen.add(row);
  const who = row === universe.root ? universe.rootText : rowText(universe, row);
  const atoms: number[] = [];
  for (let index = hopeless.get(row) ?? 0; ; index++) {
    const item = universe.relations[index] ?? 0;
    atoms.push(item >> 1);
    if ((item & 1) === 0) break;
  }
  lines.push(`${indent}${who} needs ${atoms.map((atom) => universe.atomText(atom)).join(' | ')}`);
  for (const atom of atoms) {
    const rows = [...universe.targets(atom)].filter(mayChoose);
    if (rows.length === 0) lines.push(`${indent}  ${whatIsThere(universe, atom, mayChoose)}`);
    for (const target of rows) describe(universe, target, hopeless, mayChoose, seen, lines, `${indent}  `);
  }
}

/** What a maintainer has to know about an atom that nothing satisfies, or nothing that may be chosen. */
export function whatIsThere(
  universe: Universe,
  atom: number,
  mayChoose: (row: number) => boolean = () => true,
): string {
  const { name, qualifier } = universe.atom(atom);
  const number = universe.findName(name);
  const rows = number < 0 ? [] : universe.rowsOfName(number);
  const versions = (some: readonly number[]): string =>
    [...new Set(some.map((row) => universe.versionText(row)))].join(', ');
  const fitting = [...universe.targets(atom)].filter((row) => rows.includes(row));
  const chosen = rows.filter(mayChoose);
  if (fitting.length > 0 && chosen.length > 0) {
    return `but ${name} would be ${versions(chosen)}, not ${versions(fitting)}`;
  }
  if (rows.length > 0) {
    if (qualifier === 'any') return `${name} ${versions(rows)} is there, but is not Multi-Arch: allowed`;
    return `but ${name} is at ${versions(rows)}`;
  }
  return `but there is no package ${name}, and nothing provides it`;
}

function rowText(universe: Universe, row: number): string {
  return `${universe.nameText(universe.nameOfRow[row] ?? 0)} ${universe.versionText(row)}`;
}
