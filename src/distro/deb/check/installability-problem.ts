// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from '../resolve/universe.ts';
import { type Literal, solveClauses } from './sat-solver.ts';

/** Why a clause stands in a problem. */
type Cause =
  | { readonly kind: 'wanted'; readonly row: number }
  | { readonly kind: 'essential'; readonly name: number }
  | { readonly kind: 'needs'; readonly row: number; readonly clause: number }
  | { readonly kind: 'excludes'; readonly row: number; readonly other: number; readonly atom: number }
  | { readonly kind: 'one-version'; readonly row: number; readonly other: number };

const mostMinimized = 120;

/**
 * Decides completely whether a row can be installed together with all essential packages. Returns undefined where it
 * can, else the facts that contradict each other, for people: from what is wanted down to the conflict, as few as a
 * first pass leaves.
 * @param mayChoose which rows count; default all.
 */
export function whyNotInstallable(
  universe: Universe,
  wanted: number,
  essential: readonly number[],
  mayChoose: (row: number) => boolean = () => true,
): string | undefined {
  const variables = new Map<number, number>();
  const rows: number[] = [];
  const causes: Cause[] = [];
  const clauses: Literal[][] = [];
  const literal = (row: number): Literal => {
    let variable = variables.get(row);
    if (variable === undefined) {
      variable = rows.length;
      variables.set(row, variable);
      rows.push(row);
    }
    return variable * 2;
  };
  const state = (cause: Cause, literals: Literal[]): void => {
    causes.push(cause);
    clauses.push(literals);
  };
  state({ kind: 'wanted', row: wanted }, [literal(wanted)]);
  for (const name of essential) {
    state({ kind: 'essential', name }, universe.rowsOfName(name).filter(mayChoose).map(literal));
  }
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    for (const [clause, targets] of needsOf(universe, row)) {
      state({ kind: 'needs', row, clause }, [literal(row) + 1, ...targets.filter(mayChoose).map(literal)]);
    }
  }
  for (const row of [...rows]) {
    const own = universe.nameOfRow[row];
    const end = universe.conflictsEnd(row);
    for (let index = universe.conflictsStart(row); index < end; index++) {
      const atom = (universe.relations[index] ?? 0) >> 1;
      for (const other of universe.targets(atom)) {
        if (universe.nameOfRow[other] === own || !variables.has(other)) continue;
        state({ kind: 'excludes', row, other, atom }, [literal(row) + 1, literal(other) + 1]);
      }
    }
    if (row === universe.root) continue;
    for (const other of universe.rowsOfName(own ?? 0)) {
      if (other <= row || !variables.has(other)) continue;
      state({ kind: 'one-version', row, other }, [literal(row) + 1, literal(other) + 1]);
    }
  }
  const answer = solveClauses(rows.length, clauses);
  if (answer.kind === 'satisfiable') return undefined;
  const core = minimized(rows.length, clauses, answer.core);
  const facts = core.map((number) => causes[number] as Cause).filter((cause) => cause.kind !== 'wanted');
  return facts.map((cause) => causeText(universe, cause)).join('\n');
}

function* needsOf(universe: Universe, row: number): Generator<readonly [clause: number, targets: number[]]> {
  const end = universe.conflictsStart(row);
  let clause = universe.needsStart(row);
  let targets: number[] = [];
  for (let index = clause; index < end; index++) {
    const item = universe.relations[index] ?? 0;
    targets.push(...universe.targets(item >> 1));
    if ((item & 1) !== 0) continue;
    yield [clause, targets];
    targets = [];
    clause = index + 1;
  }
}

/** Leaves out each clause that the contradiction doesn't need. */
function minimized(count: number, clauses: readonly Literal[][], core: readonly number[]): readonly number[] {
  if (core.length > mostMinimized) return core;
  let kept = [...core];
  for (const number of core) {
    const without = kept.filter((other) => other !== number);
    const answer = solveClauses(
      count,
      without.map((other) => clauses[other] ?? []),
    );
    if (answer.kind === 'unsatisfiable') kept = without;
  }
  return kept;
}

function causeText(universe: Universe, cause: Exclude<Cause, { kind: 'wanted' }>): string {
  const text = (row: number): string => {
    if (row === universe.root) return universe.rootText;
    const { name, version } = universe.describe(row);
    return `${name} ${version}`;
  };
  switch (cause.kind) {
    case 'essential':
      return `${universe.nameText(cause.name)} is essential`;
    case 'needs':
      return `${text(cause.row)} needs ${clauseText(universe, cause.clause)}`;
    case 'excludes':
      return `${text(cause.row)} excludes ${universe.atomText(cause.atom)}, which is ${text(cause.other)}`;
    case 'one-version':
      return `${text(cause.row)} and ${text(cause.other)} can't be installed together`;
  }
}

/** A clause as it would stand in a field, by its start in `relations`. */
export function clauseText(universe: Universe, clause: number): string {
  const atoms: string[] = [];
  for (let index = clause; ; index++) {
    const item = universe.relations[index] ?? 0;
    atoms.push(universe.atomText(item >> 1));
    if ((item & 1) === 0) return atoms.join(' | ');
  }
}
