// SPDX-License-Identifier: GPL-2.0-or-later
import { packageFields } from '../catalog/catalog-tables.ts';
import type { Universe } from './universe.ts';

/** A dependency of something that is there, and the row of the answer that meets it. */
interface Need {
  readonly target: number;
  readonly text: string;
}

const strong: readonly number[] = [packageFields.indexOf('pre-depends'), packageFields.indexOf('depends')];
const weak: readonly number[] = [packageFields.indexOf('recommends'), packageFields.indexOf('suggests')];

/**
 * Why each row of an answer to the universe's present request is in it, whoever decided the answer: the shortest way
 * from the request along dependencies that nothing else of the answer, nor the base, meets; `a → b: Depends c (>= 1)`
 * means that a is asked for, needs b, and b needs this package. What only an alternative, a recommendation or a
 * suggestion leads to comes last. @param requestField the field of the request that an item of its dependencies is in.
 */
export function reasonsOf(
  universe: Universe,
  rows: readonly number[],
  requestField: (item: number) => string,
): Map<number, string> {
  const walk = new ReasonWalk(universe, new Set(rows), requestField);
  walk.follow();
  while (walk.followLoose()) walk.follow();
  return new Map(rows.map((row) => [row, walk.reasons.get(row) ?? "apt's own choice"]));
}

class ReasonWalk {
  readonly reasons = new Map<number, string>();
  readonly #universe: Universe;
  readonly #answer: ReadonlySet<number>;
  readonly #names: ReadonlySet<number>;
  readonly #requestField: (item: number) => string;
  /** The request and what was reached from it so far; what comes before `#followed` was followed. */
  readonly #reached: number[];
  readonly #ways = new Map<number, readonly string[]>();
  #followed = 0;

  constructor(universe: Universe, answer: ReadonlySet<number>, requestField: (item: number) => string) {
    this.#universe = universe;
    this.#answer = answer;
    this.#names = new Set([...answer].map((row) => universe.nameOfRow[row] ?? 0));
    this.#requestField = requestField;
    this.#reached = [universe.root];
    this.#ways.set(universe.root, []);
  }

  /** Breadth first along what had to be met. */
  follow(): void {
    for (; this.#followed < this.#reached.length; this.#followed++) {
      const row = this.#reached[this.#followed] ?? 0;
      for (const field of strong) {
        for (const clause of this.#clauses(row, field)) {
          const isMet = clause.some(({ target }) => this.reasons.has(target) || this.#isOfBase(target));
          const first = clause.find(({ target }) => this.#answer.has(target));
          if (!isMet && first !== undefined) this.#reach(row, first);
        }
      }
    }
  }

  /** One step along what did not have to be; false where there is none. */
  followLoose(): boolean {
    if (this.reasons.size === this.#answer.size) return false;
    for (const fields of [strong, weak]) {
      for (const row of this.#reached) {
        for (const field of fields) {
          for (const clause of this.#clauses(row, field)) {
            const found = clause.find(({ target }) => this.#answer.has(target) && !this.reasons.has(target));
            if (found === undefined) continue;
            this.#reach(row, found);
            return true;
          }
        }
      }
    }
    return false;
  }

  #reach(parent: number, { target, text }: Need): void {
    const way = this.#ways.get(parent) ?? [];
    const isRequest = parent === this.#universe.root;
    this.reasons.set(target, `${isRequest ? this.#universe.rootText : way.join(' → ')}: ${text}`);
    this.#ways.set(target, [...way, this.#universe.nameText(this.#nameOf(target))]);
    this.#reached.push(target);
  }

  #isOfBase(row: number): boolean {
    const name = this.#nameOf(row);
    return this.#universe.current[name] === row && !this.#names.has(name);
  }

  #nameOf(row: number): number {
    return this.#universe.nameOfRow[row] ?? 0;
  }

  /** The clauses of a field, each as what could meet it in the order of its alternatives. */
  *#clauses(row: number, field: number): Generator<Need[]> {
    const universe = this.#universe;
    const start = universe.fieldStart(row, field);
    const end = universe.fieldStart(row, field + 1);
    let clause: Need[] = [];
    for (let index = start; index < end; index++) {
      const item = universe.relations[index] ?? 0;
      const name =
        row === universe.root ? this.#requestField(index - universe.rootRelations) : fieldName(field);
      const text = `${name} ${universe.atomText(item >> 1)}`;
      for (const target of universe.targets(item >> 1)) clause.push({ target, text });
      if ((item & 1) !== 0) continue;
      yield clause;
      clause = [];
    }
  }
}

/** `build-depends-indep` as it is written: `Build-Depends-Indep`. */
function fieldName(field: number): string {
  return writtenField(packageFields[field] ?? '');
}

/** A field's name with its capitals. */
export function writtenField(field: string): string {
  return field.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
