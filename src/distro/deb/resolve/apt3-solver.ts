// SPDX-License-Identifier: GPL-2.0-or-later
import { type ClauseIndex, isChoosable } from './clause-index.ts';
import { findObsoleteNames } from './obsolete-names.ts';
import type { Universe } from './universe.ts';

/** How the search ended. */
export type Apt3End =
  /** Rows that are to be installed and weren't. */
  | { readonly kind: 'solved'; readonly rows: readonly number[] }
  /** No choice was made yet when it failed: nothing that can be chosen satisfies the request. */
  | { readonly kind: 'contradiction' }
  | { readonly kind: 'undecided'; readonly reason: string };

const open = 0;
const must = 1;
const mustNot = 2;

/** Clauses that have to be chosen for, in the order in which apt 3 takes them. */
type Work = number[];

/**
 * Follows apt's 3.0 solver (the default of apt-get since 3.1): what has one solution is propagated first, breadth
 * first; then the clauses with a choice, those of new packages only before those that something installed could
 * satisfy before those that something obsolete could satisfy, each group in the order in which they came up. The first
 * solution that isn't excluded is taken and propagated. Where a choice leads to a contradiction apt backtracks; this
 * gives it up as undecided.
 */
export class Apt3Solver {
  readonly #universe: Universe;
  readonly #index: ClauseIndex;
  readonly #obsolete: Uint8Array;
  readonly #decision: Uint8Array;
  /** Bits: 1 the package step was queued, 2 the version step was. */
  readonly #queued: Uint8Array;
  readonly #knownSolutions = new Map<number, readonly Apt3Solution[]>();
  readonly #hasOneVersion: Uint8Array;
  readonly #trail: number[] = [];
  #queue: number[] = [];
  #settledTrail = 0;
  #forced: Work = [];
  #work: [Work, Work, Work] = [[], [], []];
  #settledWork: [Work, Work, Work] = [[], [], []];
  #contradiction = false;

  constructor(universe: Universe, index: ClauseIndex) {
    this.#universe = universe;
    this.#index = index;
    this.#obsolete = findObsoleteNames(universe);
    this.#decision = new Uint8Array(universe.rowCount);
    this.#queued = new Uint8Array(universe.rowCount);
    this.#hasOneVersion = new Uint8Array(universe.rowCount);
    for (let name = 0; name < universe.rootName; name++) {
      const rows = universe.rowsOfName(name);
      if (rows.length === 1) this.#hasOneVersion[rows[0] ?? 0] = 1;
    }
    this.#hasOneVersion[universe.root] = 1;
  }

  /** Decides what holds for every request: the base stays, and what lacks something can't be chosen. */
  settle(): void {
    const universe = this.#universe;
    for (let row = 0; row < universe.root; row++) {
      if (!isChoosable(universe, row)) continue;
      if (this.#isHopeless(row)) this.#decide(row, mustNot);
    }
    for (const name of universe.installedNames) this.#require(universe.current[name] ?? -1, true);
    this.#propagate();
    this.#settledTrail = this.#trail.length;
    this.#settledWork = this.#work;
  }

  /** Solves for the universe's present request. */
  solve(): Apt3End {
    this.#reset();
    if (this.#contradiction) return { kind: 'undecided', reason: 'the base contradicts itself' };
    const universe = this.#universe;
    this.#require(universe.root, false);
    if (!this.#propagate()) return { kind: 'contradiction' };
    for (let depth = 0; ; ) {
      const clause = this.#nextWork();
      if (clause === undefined) break;
      const solutions = this.#openSolutions(clause);
      if (solutions === undefined) continue;
      const first = solutions[0];
      if (solutions.length > 1) depth++;
      if (first !== undefined) this.#require(first.row, first.asPackage);
      if (first === undefined || !this.#propagate()) {
        if (depth === 0) return { kind: 'contradiction' };
        return { kind: 'undecided', reason: 'a choice led to a contradiction' };
      }
    }
    const rows: number[] = [];
    for (let index = this.#settledTrail; index < this.#trail.length; index++) {
      const row = this.#trail[index] ?? 0;
      if (this.#decision[row] === must && row !== universe.root) rows.push(row);
    }
    return { kind: 'solved', rows };
  }

  #reset(): void {
    while (this.#trail.length > this.#settledTrail) {
      const row = this.#trail.pop() ?? 0;
      this.#decision[row] = open;
      this.#queued[row] = 0;
    }
    this.#queue = [];
    this.#forced = [];
    this.#work = [[...this.#settledWork[0]], [...this.#settledWork[1]], [...this.#settledWork[2]]];
  }

  #nextWork(): number | undefined {
    return this.#forced.shift() ?? this.#work[0].shift() ?? this.#work[1].shift() ?? this.#work[2].shift();
  }

  #decide(row: number, decision: number): boolean {
    const known = this.#decision[row];
    if (known === decision) return true;
    if (known !== open) return false;
    this.#decision[row] = decision;
    this.#trail.push(row);
    if (decision === mustNot) this.#queue.push(row * 4 + 3);
    return true;
  }

  /** Requires a row, through its package (any version would do) or through its version. */
  #require(row: number, asPackage: boolean): boolean {
    if (!this.#decide(row, must)) return false;
    this.#enqueue(row, asPackage ? 1 : 2);
    return true;
  }

  #enqueue(row: number, step: 1 | 2): void {
    const queued = this.#queued[row] ?? 0;
    if ((queued & step) !== 0) return;
    this.#queued[row] = queued | step;
    this.#queue.push(row * 4 + step);
  }

  #propagate(): boolean {
    for (let at = 0; at < this.#queue.length; at++) {
      const entry = this.#queue[at] ?? 0;
      const row = entry >> 2;
      const step = entry & 3;
      const fine = step === 3 ? this.#propagateRejection(row) : this.#propagateRequirement(row, step);
      if (!fine) {
        this.#queue = [];
        return false;
      }
    }
    this.#queue = [];
    return true;
  }

  #propagateRequirement(row: number, step: number): boolean {
    const universe = this.#universe;
    const single = this.#hasOneVersion[row] === 1;
    this.#enqueue(row, step === 1 ? 2 : 1);
    if ((step === 1) === single || row === universe.root) {
      if (!this.#addClauses(row)) return false;
      if (row === universe.root) return true;
      const { excluderStarts, excluders } = this.#index;
      const end = excluderStarts[row + 1] ?? 0;
      for (let index = excluderStarts[row] ?? 0; index < end; index++) {
        if (!this.#decide(excluders[index] ?? 0, mustNot)) return false;
      }
    }
    return true;
  }

  #addClauses(row: number): boolean {
    const universe = this.#universe;
    const name = universe.nameOfRow[row];
    const needsEnd = universe.conflictsStart(row);
    let clause = universe.needsStart(row);
    for (let index = clause; index < needsEnd; index++) {
      if (((universe.relations[index] ?? 0) & 1) !== 0) continue;
      if (!this.#addClause(clause)) return false;
      clause = index + 1;
    }
    const end = universe.conflictsEnd(row);
    for (let index = needsEnd; index < end; index++) {
      for (const target of universe.targets((universe.relations[index] ?? 0) >> 1)) {
        if (universe.nameOfRow[target] === name || !isChoosable(universe, target)) continue;
        if (!this.#decide(target, mustNot)) return false;
      }
    }
    return true;
  }

  #addClause(clause: number): boolean {
    const solutions = this.#solutions(clause);
    const [first] = solutions;
    if (first === undefined) return false;
    if (solutions.length === 1) return this.#require(first.row, first.asPackage);
    let count = 0;
    for (const { row } of solutions) if (this.#decision[row] !== mustNot) count++;
    if (count < 2) this.#forced.push(clause);
    else this.#work[this.#groupOf(solutions)].push(clause);
    return true;
  }

  #groupOf(solutions: readonly Apt3Solution[]): 0 | 1 | 2 {
    const universe = this.#universe;
    let group: 0 | 1 = 0;
    for (const { row } of solutions) {
      const name = universe.nameOfRow[row] ?? 0;
      if (this.#obsolete[name] === 1) return 2;
      if ((universe.current[name] ?? -1) >= 0) group = 1;
    }
    return group;
  }

  #propagateRejection(row: number): boolean {
    const { userStarts, users } = this.#index;
    const end = userStarts[row + 1] ?? 0;
    for (let index = userStarts[row] ?? 0; index < end; index++) {
      const owner = users[2 * index] ?? 0;
      if (this.#decision[owner] === mustNot) continue;
      if (!this.#recount(owner, users[2 * index + 1] ?? 0)) return false;
    }
    const { root } = this.#universe;
    if (this.#decision[root] !== must) return true;
    const needsEnd = this.#universe.conflictsStart(root);
    let clause = this.#universe.needsStart(root);
    for (let index = clause; index < needsEnd; index++) {
      if (((this.#universe.relations[index] ?? 0) & 1) !== 0) continue;
      if (!this.#recount(root, clause)) return false;
      clause = index + 1;
    }
    return true;
  }

  /** A clause that lost a solution: its last one is required, or its owner can't be installed. */
  #recount(owner: number, clause: number): boolean {
    const universe = this.#universe;
    let last = -1;
    for (let index = clause; ; index++) {
      const item = universe.relations[index] ?? 0;
      for (const target of universe.targets(item >> 1)) {
        if (this.#decision[target] === mustNot || target === last || !isChoosable(universe, target)) continue;
        if (last >= 0) return true;
        last = target;
      }
      if ((item & 1) === 0) break;
    }
    if (last < 0) return this.#decide(owner, mustNot);
    return this.#decision[owner] !== must || this.#require(last, false);
  }

  #isHopeless(row: number): boolean {
    const universe = this.#universe;
    const end = universe.conflictsStart(row);
    let hope = false;
    for (let index = universe.needsStart(row); index < end; index++) {
      const item = universe.relations[index] ?? 0;
      hope ||= universe.targets(item >> 1).some((target) => isChoosable(universe, target));
      if ((item & 1) !== 0) continue;
      if (!hope) return true;
      hope = false;
    }
    return false;
  }

  /** Solutions of a clause that can still be taken; undefined where it is satisfied. */
  #openSolutions(clause: number): Apt3Solution[] | undefined {
    const solutions = this.#solutions(clause);
    if (solutions.some(({ row }) => this.#decision[row] === must)) return undefined;
    return solutions.filter(({ row }) => this.#decision[row] !== mustNot);
  }

  /** All choosable solutions of a clause in apt's order: the same for every request, except for the request's own. */
  #solutions(clause: number): readonly Apt3Solution[] {
    if (clause >= this.#universe.rootRelations) return this.#findSolutions(clause);
    let solutions = this.#knownSolutions.get(clause);
    if (solutions === undefined) {
      solutions = this.#findSolutions(clause);
      this.#knownSolutions.set(clause, solutions);
    }
    return solutions;
  }

  #findSolutions(clause: number): readonly Apt3Solution[] {
    const universe = this.#universe;
    const solutions: Apt3Solution[] = [];
    for (let index = clause; ; index++) {
      const item = universe.relations[index] ?? 0;
      const atom = item >> 1;
      const targets = universe.targets(atom).filter((row) => isChoosable(universe, row));
      const target = universe.preferredName(atom);
      const asPackage =
        targets.length === 1 &&
        universe.nameOfRow[targets[0] ?? 0] === target &&
        !universe.isProvided(target);
      const sorted = targets.length < 2 ? targets : targets.sort((a, b) => this.#compare(target, a, b));
      for (const row of sorted) solutions.push({ row, asPackage });
      if ((item & 1) === 0) break;
    }
    if (solutions.length < 2) return solutions;
    const isInstalled = ({ row }: Apt3Solution): number =>
      Number((universe.current[universe.nameOfRow[row] ?? 0] ?? -1) >= 0);
    return solutions.sort((a, b) => isInstalled(b) - isInstalled(a));
  }

  #compare(target: number, a: number, b: number): number {
    const universe = this.#universe;
    const nameA = universe.nameOfRow[a] ?? 0;
    const nameB = universe.nameOfRow[b] ?? 0;
    if (nameA === nameB) return Number(universe.current[nameB] === b) - Number(universe.current[nameA] === a);
    const installed = (name: number): number => Number((universe.current[name] ?? -1) >= 0);
    const same = (row: number, name: number): number => (universe.hasFlag(row, 'same') ? installed(name) : 0);
    return (
      same(b, nameB) - same(a, nameA) ||
      installed(nameB) - installed(nameA) ||
      Number(nameB === target) - Number(nameA === target) ||
      Number(universe.hasFlag(b, 'essential')) - Number(universe.hasFlag(a, 'essential')) ||
      Number(universe.hasFlag(b, 'important')) - Number(universe.hasFlag(a, 'important')) ||
      (universe.priorities[a] ?? 0) - (universe.priorities[b] ?? 0) ||
      (universe.nameText(nameA) < universe.nameText(nameB) ? -1 : 1)
    );
  }
}

interface Apt3Solution {
  readonly row: number;
  readonly asPackage: boolean;
}
