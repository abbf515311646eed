// SPDX-License-Identifier: GPL-2.0-or-later
/** Literals are `variable × 2` (true) and `variable × 2 + 1` (false); variables count from 0. */
export type Literal = number;

/** An answer: a satisfying assignment, or the numbers of clauses that contradict each other (not minimal). */
export type SatAnswer =
  | { readonly kind: 'satisfiable'; readonly values: Int8Array }
  | { readonly kind: 'unsatisfiable'; readonly core: readonly number[] };

const unassigned = -1;

interface Clause {
  readonly literals: number[];
  /** Numbers of the given clauses that it follows from. */
  readonly origins: ReadonlySet<number>;
}

/**
 * Decides a set of clauses: conflict-driven search with first-unique-implication-point learning, two watched literals
 * and activity order (Eén and Sörensson, "An extensible SAT-solver", 2003). Undecided variables are tried as false
 * first: nothing is installed without need. Complete; every learned clause remembers which given ones it follows from.
 */
export function solveClauses(variableCount: number, given: readonly (readonly Literal[])[]): SatAnswer {
  return new SatSearch(variableCount, given).run();
}

class SatSearch {
  readonly #values: Int8Array;
  readonly #levels: Int32Array;
  readonly #reasons: (Clause | undefined)[];
  readonly #watches: Clause[][];
  readonly #activity: Float64Array;
  readonly #trail: number[] = [];
  readonly #levelStarts: number[] = [];
  readonly #units: Clause[] = [];
  #propagated = 0;
  #bump = 1;
  #empty: Clause | undefined;

  constructor(variableCount: number, given: readonly (readonly Literal[])[]) {
    this.#values = new Int8Array(variableCount).fill(unassigned);
    this.#levels = new Int32Array(variableCount);
    this.#reasons = Array.from({ length: variableCount }, () => undefined);
    this.#watches = Array.from({ length: 2 * variableCount }, () => []);
    this.#activity = new Float64Array(variableCount);
    for (const [number, literals] of given.entries()) {
      const distinct = [...new Set(literals)];
      if (distinct.some((literal) => distinct.includes(literal ^ 1))) continue;
      this.#attach({ literals: distinct, origins: new Set([number]) });
    }
  }

  run(): SatAnswer {
    if (this.#empty !== undefined) return unsatisfiable(this.#empty.origins);
    for (const clause of this.#units) {
      const [literal = 0] = clause.literals;
      if (this.#valueOf(literal) === 0) return unsatisfiable(this.#originsAtRoot(clause));
      if (this.#valueOf(literal) === unassigned) this.#assign(literal, clause);
    }
    for (;;) {
      const conflict = this.#propagate();
      if (conflict !== undefined) {
        if (this.#levelStarts.length === 0) return unsatisfiable(this.#originsAtRoot(conflict));
        this.#learn(conflict);
        continue;
      }
      const variable = this.#choose();
      if (variable < 0) return { kind: 'satisfiable', values: this.#values };
      this.#levelStarts.push(this.#trail.length);
      this.#assign(variable * 2 + 1, undefined);
    }
  }

  #valueOf(literal: number): number {
    const value = this.#values[literal >> 1] ?? unassigned;
    return value === unassigned ? unassigned : value ^ (literal & 1);
  }

  #attach(clause: Clause): void {
    const [first, second] = clause.literals;
    if (first === undefined) this.#empty = clause;
    else if (second === undefined) this.#units.push(clause);
    else {
      this.#watches[first]?.push(clause);
      this.#watches[second]?.push(clause);
    }
  }

  #assign(literal: number, reason: Clause | undefined): void {
    const variable = literal >> 1;
    this.#values[variable] = (literal & 1) ^ 1;
    this.#levels[variable] = this.#levelStarts.length;
    this.#reasons[variable] = reason;
    this.#trail.push(literal);
  }

  #propagate(): Clause | undefined {
    while (this.#propagated < this.#trail.length) {
      const falsified = (this.#trail[this.#propagated++] ?? 0) ^ 1;
      const watching = this.#watches[falsified] ?? [];
      let kept = 0;
      for (let index = 0; index < watching.length; index++) {
        const clause = watching[index] as Clause;
        const { literals } = clause;
        if (literals[0] === falsified) {
          literals[0] = literals[1] ?? 0;
          literals[1] = falsified;
        }
        const first = literals[0] ?? 0;
        if (this.#valueOf(first) !== 1) {
          const other = literals.findIndex((literal, place) => place > 1 && this.#valueOf(literal) !== 0);
          if (other > 0) {
            const replacement = literals[other] ?? 0;
            literals[1] = replacement;
            literals[other] = falsified;
            this.#watches[replacement]?.push(clause);
            continue;
          }
          if (this.#valueOf(first) === 0) {
            while (index < watching.length) watching[kept++] = watching[index++] as Clause;
            watching.length = kept;
            return clause;
          }
          this.#assign(first, clause);
        }
        watching[kept++] = clause;
      }
      watching.length = kept;
    }
    return undefined;
  }

  /** Learns the clause of the first unique implication point and jumps back to where it is unit. */
  #learn(conflict: Clause): void {
    const level = this.#levelStarts.length;
    const learned: number[] = [0];
    const origins = new Set<number>();
    const seen = new Set<number>();
    let open = 0;
    let index = this.#trail.length - 1;
    let clause: Clause | undefined = conflict;
    let pivot = -1;
    for (;;) {
      for (const origin of clause?.origins ?? []) origins.add(origin);
      for (const literal of clause?.literals ?? []) {
        const variable = literal >> 1;
        if (literal === pivot || seen.has(variable)) continue;
        seen.add(variable);
        this.#activity[variable] = (this.#activity[variable] ?? 0) + this.#bump;
        const at = this.#levels[variable] ?? 0;
        if (at === level) open++;
        else if (at > 0) learned.push(literal);
        else this.#addRootOrigins(variable, origins);
      }
      while (!seen.has((this.#trail[index] ?? 0) >> 1)) index--;
      pivot = this.#trail[index--] ?? 0;
      if (--open === 0) break;
      clause = this.#reasons[pivot >> 1];
    }
    learned[0] = pivot ^ 1;
    this.#bump *= 1.05;
    if (this.#bump > 1e100) this.#rescale();
    const levels = learned.slice(1).map((literal) => this.#levels[literal >> 1] ?? 0);
    const back = Math.max(0, ...levels);
    if (learned.length > 1) {
      const second = 1 + levels.indexOf(back);
      [learned[1], learned[second]] = [learned[second] ?? 0, learned[1] ?? 0];
    }
    this.#undoTo(back);
    const lesson = { literals: learned, origins };
    if (learned.length > 1) this.#attach(lesson);
    this.#assign(learned[0], lesson);
  }

  #undoTo(level: number): void {
    const start = this.#levelStarts[level] ?? this.#trail.length;
    for (let index = this.#trail.length - 1; index >= start; index--) {
      this.#values[(this.#trail[index] ?? 0) >> 1] = unassigned;
    }
    this.#trail.length = start;
    this.#levelStarts.length = level;
    this.#propagated = Math.min(this.#propagated, start);
  }

  #choose(): number {
    let best = -1;
    for (let variable = 0; variable < this.#values.length; variable++) {
      if (this.#values[variable] !== unassigned) continue;
      if (best < 0 || (this.#activity[variable] ?? 0) > (this.#activity[best] ?? 0)) best = variable;
    }
    return best;
  }

  #rescale(): void {
    for (let variable = 0; variable < this.#activity.length; variable++) {
      this.#activity[variable] = (this.#activity[variable] ?? 0) * 1e-100;
    }
    this.#bump *= 1e-100;
  }

  #originsAtRoot(conflict: Clause): ReadonlySet<number> {
    const origins = new Set(conflict.origins);
    for (const literal of conflict.literals) this.#addRootOrigins(literal >> 1, origins);
    return origins;
  }

  /** Adds what a value at level 0 follows from. */
  #addRootOrigins(variable: number, origins: Set<number>): void {
    const queue = [variable];
    const seen = new Set(queue);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const reason = this.#reasons[next];
      for (const origin of reason?.origins ?? []) origins.add(origin);
      for (const literal of reason?.literals ?? []) {
        if (seen.has(literal >> 1)) continue;
        seen.add(literal >> 1);
        queue.push(literal >> 1);
      }
    }
  }
}

function unsatisfiable(core: ReadonlySet<number>): SatAnswer {
  return { kind: 'unsatisfiable', core: [...core].sort((a, b) => a - b) };
}
