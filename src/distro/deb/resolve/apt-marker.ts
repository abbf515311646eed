// SPDX-License-Identifier: GPL-2.0-or-later
import type { Marking } from './marking.ts';
import { orderedSolutions } from './solution-order.ts';
import type { Universe } from './universe.ts';

/** Where this imitation stops because apt would go on in a way that it doesn't follow. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}

const deepest = 3000;

/**
 * Marks packages for installation in the order and by the choices of apt's internal solver (apt 2.2 to 3.0:
 * pkgDepCache::MarkInstall, established by reading its traces and by comparing thousands of answers). Depth first, in
 * the order of the fields; a clause that is satisfied already adds nothing; among alternatives see solution-order.ts.
 * What the request needs without a choice is "protected": nothing that conflicts with it can be chosen any more. A
 * branch that can't be installed is given up, and the next alternative is tried; what it had marked remains. What was
 * chosen gives way to a conflicting package that comes later. Throws {@link Undecided} where apt would remove or
 * upgrade packages of the base on the way.
 */
export class AptMarker {
  /** Rows whose dependencies were gone through, given up or not: apt upgrades other binaries of their sources. */
  readonly entered: number[] = [];
  readonly #marking: Marking;
  readonly #universe: Universe;
  constructor(marking: Marking) {
    this.#marking = marking;
    this.#universe = marking.universe;
  }

  /** Marks one name of the request with everything it needs. False: it can't be installed like this. */
  markRequested(name: number): boolean {
    this.request(name);
    return this.completeRequested(name);
  }

  /** First half of {@link markRequested}: chooses the candidate, without its dependencies. */
  request(name: number): boolean {
    const candidate = this.#marking.candidate[name] ?? -1;
    if (candidate < 0) return false;
    this.#marking.setInstall(name, candidate);
    this.#marking.setProtected(name, true);
    return true;
  }

  /** Second half of {@link markRequested}: marks what it needs. */
  completeRequested(name: number): boolean {
    return this.#markInstall(name, true, 0, true);
  }

  #markInstall(name: number, withDependencies: boolean, depth: number, fromUser: boolean): boolean {
    const marking = this.#marking;
    const candidate = marking.candidate[name] ?? -1;
    const isProtected = marking.protected[name] === 1;
    const current = this.#universe.current[name] ?? -1;
    const marked = this.#isMarked(name);
    const isKept = !marked && candidate >= 0 && candidate === current;
    if (!(isProtected && isKept)) {
      if (depth > deepest) return false;
      if (!fromUser && !marked && isProtected) return false;
    }
    if (candidate < 0) return false;
    if (!isProtected && (marked || candidate === current) && !marking.isBroken(name)) return true;
    if (withDependencies && !this.#isInstallable(name)) return false;
    const failEarly = !isProtected && !fromUser;
    let failed = false;
    if (fromUser) this.#choose(name);
    let missing: number[] = [];
    if (withDependencies) {
      missing = this.#missingClauses(candidate, isProtected);
      if (!this.#avoidConflicts(candidate, isProtected)) {
        if (failEarly) return false;
        failed = true;
      }
    }
    if (!fromUser) this.#choose(name);
    if (!withDependencies) return !failed;
    this.entered.push(candidate);
    if (!isProtected) marking.setProtected(name, true);
    const installed = this.#markMissing(missing, depth, isProtected, fromUser);
    if (!isProtected) marking.setProtected(name, false);
    if (!installed) {
      if (failEarly) {
        if (marking.install[name] !== current) marking.setInstall(name, current);
        marking.setCandidate(name, current);
        return false;
      }
      failed = true;
    }
    return !failed;
  }

  /** Whether a new version of the name is chosen already. */
  #isMarked(name: number): boolean {
    const row = this.#marking.install[name] ?? -1;
    return row >= 0 && row !== this.#universe.current[name];
  }

  #choose(name: number): void {
    const marking = this.#marking;
    const candidate = marking.candidate[name] ?? -1;
    if (marking.install[name] === candidate) return;
    marking.setInstall(name, candidate);
  }

  /** Whether each clause could be satisfied by something chosen or by a candidate; else the name loses its own. */
  #isInstallable(name: number): boolean {
    const marking = this.#marking;
    const universe = this.#universe;
    const row = marking.candidate[name] ?? -1;
    const current = universe.current[name] ?? -1;
    if (row === current) return true;
    const end = universe.conflictsStart(row);
    let possible = false;
    for (let index = universe.needsStart(row); index < end; index++) {
      const item = universe.relations[index] ?? 0;
      if (!possible) {
        for (const target of universe.targets(item >> 1)) {
          if (!marking.isInstalled(target) && !marking.isCandidate(target)) continue;
          possible = true;
          break;
        }
      }
      if ((item & 1) !== 0) continue;
      if (!possible) {
        if (marking.protected[name] === 0) {
          marking.setCandidate(name, current);
          if (marking.install[name] !== current) throw new Undecided('a chosen package lost a dependency');
        }
        return false;
      }
      possible = false;
    }
    return true;
  }

  /** Starts (in `relations`) of the clauses that need something; of all clauses where protection is handed on. */
  #missingClauses(row: number, all: boolean): number[] {
    const universe = this.#universe;
    const clauses: number[] = [];
    const end = universe.conflictsStart(row);
    let start = universe.needsStart(row);
    let satisfied = false;
    for (let index = start; index < end; index++) {
      const item = universe.relations[index] ?? 0;
      if (!all) satisfied ||= this.#marking.isSatisfied(item >> 1);
      if ((item & 1) !== 0) continue;
      if (!satisfied) clauses.push(start);
      satisfied = false;
      start = index + 1;
    }
    return clauses;
  }

  /** Takes what conflicts with a protected row out of the choice. False: something chosen stands in the way. */
  #avoidConflicts(row: number, isProtected: boolean): boolean {
    const marking = this.#marking;
    const universe = this.#universe;
    const own = universe.nameOfRow[row] ?? 0;
    const end = universe.conflictsEnd(row);
    let succeeded = true;
    for (let index = universe.conflictsStart(row); index < end; index++) {
      const atom = (universe.relations[index] ?? 0) >> 1;
      if (!isProtected && !marking.isViolated(atom, row)) continue;
      for (const target of universe.targets(atom)) {
        const name = universe.nameOfRow[target] ?? 0;
        if (name === own) continue;
        const current = universe.current[name] ?? -1;
        if (target === current && marking.install[name] === current) {
          if (this.#mayNotGo(name)) {
            succeeded = false;
            if (!isProtected) return false;
            continue;
          }
          throw new Undecided(
            `${universe.nameText(own)} conflicts with ${universe.nameText(name)} of the base`,
          );
        }
        if (marking.candidate[name] !== target || target === current) continue;
        if (marking.install[name] === target) {
          if (marking.protected[name] === 1) {
            succeeded = false;
            if (!isProtected) return false;
            continue;
          }
          marking.setInstall(name, current);
        }
        if (isProtected) {
          marking.setCandidate(name, current);
          if (current < 0) marking.setProtected(name, true);
        }
      }
    }
    return succeeded;
  }

  /** Whether apt would never remove an installed package to make place for another. */
  #mayNotGo(name: number): boolean {
    const row = this.#universe.current[name] ?? -1;
    if (this.#universe.hasFlag(row, 'essential') || this.#universe.hasFlag(row, 'important')) return true;
    return this.#marking.protected[name] === 1;
  }

  #markMissing(
    clauses: readonly number[],
    depth: number,
    handOnProtection: boolean,
    fromUser: boolean,
  ): boolean {
    let failed = false;
    for (const start of clauses) {
      if (this.#isClauseSatisfied(start)) {
        if (handOnProtection && !this.#protectOnlySolution(start, depth)) failed = true;
        continue;
      }
      if (this.#markFirstSolution(start, depth, handOnProtection)) continue;
      failed = true;
      if (!handOnProtection && !fromUser) break;
    }
    return !failed;
  }

  #isClauseSatisfied(start: number): boolean {
    for (let index = start; ; index++) {
      const item = this.#universe.relations[index] ?? 0;
      if (this.#marking.isSatisfied(item >> 1)) return true;
      if ((item & 1) === 0) return false;
    }
  }

  #markFirstSolution(start: number, depth: number, handOnProtection: boolean): boolean {
    const marking = this.#marking;
    const solutions = orderedSolutions(marking, start);
    for (const row of solutions) {
      const name = this.#universe.nameOfRow[row] ?? 0;
      if (marking.candidate[name] !== row) continue;
      if (handOnProtection && solutions.length === 1) {
        if (!this.#markInstall(name, false, depth + 1, false)) continue;
        marking.setProtected(name, true);
      }
      if (this.#markInstall(name, true, depth + 1, false)) return true;
    }
    return false;
  }

  /** Where a satisfied clause has one possible solution only, that one is protected too. */
  #protectOnlySolution(start: number, depth: number): boolean {
    const marking = this.#marking;
    const universe = this.#universe;
    let only = -1;
    for (let index = start; ; index++) {
      const item = universe.relations[index] ?? 0;
      for (const row of universe.targets(item >> 1)) {
        const name = universe.nameOfRow[row] ?? 0;
        if (marking.candidate[name] !== row && universe.current[name] !== row) continue;
        if (marking.protected[name] === 1 && marking.install[name] === -1) continue;
        if (only >= 0 && only !== row) return true;
        only = row;
      }
      if ((item & 1) === 0) break;
    }
    const name = universe.nameOfRow[only] ?? 0;
    if (only < 0 || marking.protected[name] === 1) return true;
    marking.setProtected(name, true);
    return this.#markInstall(name, true, depth + 1, false);
  }
}
