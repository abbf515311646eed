// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from './universe.ts';

/**
 * Which version of each name is to be installed, as apt's dependency cache holds it while marking. One object serves
 * all requests over a base: {@link reset} undoes only what was touched since {@link settle}.
 */
export class Marking {
  readonly universe: Universe;
  /** Row that would be installed in the end, or -1. */
  readonly install: Int32Array;
  /** Row that may be chosen, or -1 where none or no more. */
  readonly candidate: Int32Array;
  /** 1 where only the user may change the choice. */
  readonly protected: Uint8Array;
  readonly #settledInstall: Int32Array;
  readonly #settledCandidate: Int32Array;
  readonly #settledProtected: Uint8Array;
  readonly #touched: number[] = [];
  readonly #visited: Uint32Array;
  #visit = 0;
  #settledChanges: readonly number[] = [];

  constructor(universe: Universe) {
    this.universe = universe;
    this.install = universe.current.slice();
    this.candidate = universe.candidate.slice();
    this.protected = new Uint8Array(universe.nameCount);
    this.candidate[universe.rootName] = universe.root;
    this.#visited = new Uint32Array(universe.rowCount);
    this.#settledInstall = this.install.slice();
    this.#settledCandidate = this.candidate.slice();
    this.#settledProtected = this.protected.slice();
  }

  /** Back to the state of the last {@link settle}. */
  reset(): void {
    for (const name of this.#touched) {
      this.install[name] = this.#settledInstall[name] ?? -1;
      this.candidate[name] = this.#settledCandidate[name] ?? -1;
      this.protected[name] = this.#settledProtected[name] ?? 0;
    }
    this.#touched.length = 0;
  }

  /** Makes the present state the one that {@link reset} goes back to. */
  settle(): void {
    this.#settledChanges = this.changedNames();
    for (const name of this.#touched) {
      this.#settledInstall[name] = this.install[name] ?? -1;
      this.#settledCandidate[name] = this.candidate[name] ?? -1;
      this.#settledProtected[name] = this.protected[name] ?? 0;
    }
    this.#touched.length = 0;
  }

  setInstall(name: number, row: number): void {
    this.#touched.push(name);
    this.install[name] = row;
  }

  setCandidate(name: number, row: number): void {
    this.#touched.push(name);
    this.candidate[name] = row;
  }

  setProtected(name: number, value: boolean): void {
    this.#touched.push(name);
    this.protected[name] = value ? 1 : 0;
  }

  /** Names whose version differs from what is installed. */
  changedNames(): number[] {
    const { current, rootName } = this.universe;
    const touched = new Set([...this.#settledChanges, ...this.#touched]);
    return [...touched].filter((name) => name !== rootName && this.install[name] !== current[name]);
  }

  /** A fresh set of rows for one walk; the one before is then no longer valid. */
  newVisit(): { visit(row: number): boolean; isVisited(row: number): boolean } {
    const stamp = ++this.#visit;
    const visited = this.#visited;
    return {
      visit: (row) => {
        if (visited[row] === stamp) return false;
        visited[row] = stamp;
        return true;
      },
      isVisited: (row) => visited[row] === stamp,
    };
  }

  /** Whether a row is the one to be installed of its name. */
  isInstalled(row: number): boolean {
    return this.install[this.universe.nameOfRow[row] ?? 0] === row;
  }

  isCandidate(row: number): boolean {
    return this.candidate[this.universe.nameOfRow[row] ?? 0] === row;
  }

  /** Whether what would be installed satisfies the atom. */
  isSatisfied(atom: number): boolean {
    for (const row of this.universe.targets(atom)) if (this.isInstalled(row)) return true;
    return false;
  }

  /** Whether an atom of `owner`'s Conflicts or Breaks meets something that would be installed (never itself). */
  isViolated(atom: number, owner: number): boolean {
    const own = this.universe.nameOfRow[owner];
    for (const row of this.universe.targets(atom)) {
      if (this.isInstalled(row) && this.universe.nameOfRow[row] !== own) return true;
    }
    return false;
  }

  /** The first clause (its index in `relations`) of a row's needs that isn't satisfied, or -1. */
  firstUnsatisfied(row: number): number {
    const { universe } = this;
    const end = universe.conflictsStart(row);
    let clause = universe.needsStart(row);
    let satisfied = false;
    for (let index = clause; index < end; index++) {
      const item = universe.relations[index] ?? 0;
      satisfied ||= this.isSatisfied(item >> 1);
      if ((item & 1) !== 0) continue;
      if (!satisfied) return clause;
      satisfied = false;
      clause = index + 1;
    }
    return -1;
  }

  /** The first atom of a row's Conflicts and Breaks that is violated, or -1. */
  firstViolated(row: number): number {
    const { universe } = this;
    const end = universe.conflictsEnd(row);
    for (let index = universe.conflictsStart(row); index < end; index++) {
      const atom = (universe.relations[index] ?? 0) >> 1;
      if (this.isViolated(atom, row)) return atom;
    }
    return -1;
  }

  /** Whether the version to be installed lacks something or conflicts with something. */
  isBroken(name: number): boolean {
    const row = this.install[name] ?? -1;
    return row >= 0 && (this.firstUnsatisfied(row) >= 0 || this.firstViolated(row) >= 0);
  }
}
