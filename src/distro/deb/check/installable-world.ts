// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from '../resolve/universe.ts';

const mostSteps = 4000;

/**
 * A set of packages that could all be installed at once: closed under dependencies and free of conflicts. Whatever can
 * be added to it is installable, so that most of an archive is proved installable by a few such worlds. Adding looks
 * for a way without much backtracking: false proves nothing.
 */
export class InstallableWorld {
  readonly #universe: Universe;
  readonly #hopeless: Uint8Array;
  /** Row that the world has of each name, or -1. */
  readonly #rowOfName: Int32Array;
  /** How often rows of the world exclude a row. */
  readonly #excluded: Uint16Array;
  readonly #rows: number[] = [];
  #steps = 0;

  /** @param hopeless 1 for rows that lack something and are never added. */
  constructor(universe: Universe, hopeless: Uint8Array) {
    this.#universe = universe;
    this.#hopeless = hopeless;
    this.#rowOfName = new Int32Array(universe.nameCount).fill(-1);
    this.#excluded = new Uint16Array(universe.rowCount);
  }

  has(row: number): boolean {
    return this.#rowOfName[this.#universe.nameOfRow[row] ?? 0] === row;
  }

  /** Adds a package with what it needs; the world is as before where that fails. */
  add(row: number): boolean {
    this.#steps = 0;
    return this.#add(row);
  }

  /** Adds what the universe's request needs, beside whatever it excludes; the request itself leaves no trace. */
  addRequest(): boolean {
    this.#steps = 0;
    const { root } = this.#universe;
    if (!this.#mayStand(root)) return false;
    const mark = this.#rows.length;
    this.#exclude(root, 1);
    const satisfied = this.#addNeeds(root);
    if (!satisfied) this.#undoTo(mark);
    this.#exclude(root, -1);
    return satisfied;
  }

  /** What the world has, in the order in which it came. */
  get rows(): readonly number[] {
    return this.#rows;
  }

  /** How many packages the world has: for {@link undoTo}. */
  get size(): number {
    return this.#rows.length;
  }

  /** Takes away what was added after the world had `size` packages. */
  undoTo(size: number): void {
    this.#undoTo(size);
  }

  #add(row: number): boolean {
    const name = this.#universe.nameOfRow[row] ?? 0;
    const present = this.#rowOfName[name] ?? -1;
    if (present === row) return true;
    if (present >= 0 || this.#hopeless[row] === 1 || this.#excluded[row] !== 0) return false;
    if (++this.#steps > mostSteps || !this.#mayStand(row)) return false;
    const mark = this.#rows.length;
    this.#rowOfName[name] = row;
    this.#rows.push(row);
    this.#exclude(row, 1);
    if (this.#addNeeds(row)) return true;
    this.#undoTo(mark);
    return false;
  }

  #addNeeds(row: number): boolean {
    const universe = this.#universe;
    const end = universe.conflictsStart(row);
    let clause = universe.needsStart(row);
    for (let index = clause; index < end; index++) {
      if (((universe.relations[index] ?? 0) & 1) !== 0) continue;
      if (!this.#satisfy(clause, index)) return false;
      clause = index + 1;
    }
    return true;
  }

  #satisfy(start: number, last: number): boolean {
    const universe = this.#universe;
    for (let index = start; index <= last; index++) {
      for (const row of universe.targets((universe.relations[index] ?? 0) >> 1))
        if (this.has(row)) return true;
    }
    for (let index = start; index <= last; index++) {
      for (const row of universe.targets((universe.relations[index] ?? 0) >> 1))
        if (this.#add(row)) return true;
    }
    return false;
  }

  /** Whether nothing in the world is excluded by the row. */
  #mayStand(row: number): boolean {
    const universe = this.#universe;
    const own = universe.nameOfRow[row];
    const end = universe.conflictsEnd(row);
    for (let index = universe.conflictsStart(row); index < end; index++) {
      for (const target of universe.targets((universe.relations[index] ?? 0) >> 1)) {
        if (universe.nameOfRow[target] !== own && this.has(target)) return false;
      }
    }
    return true;
  }

  #exclude(row: number, by: 1 | -1): void {
    const universe = this.#universe;
    const own = universe.nameOfRow[row];
    const end = universe.conflictsEnd(row);
    for (let index = universe.conflictsStart(row); index < end; index++) {
      for (const target of universe.targets((universe.relations[index] ?? 0) >> 1)) {
        if (universe.nameOfRow[target] !== own) this.#excluded[target] = (this.#excluded[target] ?? 0) + by;
      }
    }
  }

  #undoTo(mark: number): void {
    while (this.#rows.length > mark) {
      const row = this.#rows.pop() ?? 0;
      this.#exclude(row, -1);
      this.#rowOfName[this.#universe.nameOfRow[row] ?? 0] = -1;
    }
  }
}
