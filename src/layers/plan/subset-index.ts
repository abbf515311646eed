// SPDX-License-Identifier: GPL-2.0-or-later

/** A set of packages that may lie below others. */
export interface Subset {
  /** Numbers in ascending order, the last being the rarest. */
  readonly members: Uint32Array;
  /** What is saved by having it. */
  readonly weight: number;
  /** Must be absent from whatever it is below. */
  readonly excluded: ArrayLike<number>;
}

/**
 * Finds, among many sets, the heaviest that a wanted set contains: each is looked at only where its rarest member is
 * wanted, heaviest first, so that most are never compared.
 */
export class SubsetIndex {
  readonly #subsets: readonly Subset[];
  readonly #byRarest: (number[] | undefined)[] = [];
  /** In the round of a call, its wanted numbers have that round's mark. */
  readonly #marks: Uint32Array;
  #round = 0;

  /** @param numberCount all numbers are below it. */
  constructor(subsets: readonly Subset[], numberCount: number) {
    this.#subsets = subsets;
    this.#marks = new Uint32Array(numberCount);
    for (const [index, { members }] of subsets.entries()) {
      const rarest = members.at(-1);
      if (rarest === undefined) continue;
      const list = this.#byRarest[rarest];
      if (list === undefined) this.#byRarest[rarest] = [index];
      else list.push(index);
    }
    for (const list of this.#byRarest) {
      list?.sort((a, b) => (subsets[b]?.weight ?? 0) - (subsets[a]?.weight ?? 0) || a - b);
    }
  }

  /** The place of the heaviest one that is contained and accepted, of equals the first; or -1. */
  findHeaviest(wanted: ArrayLike<number>, accepts: (index: number) => boolean): number {
    const round = ++this.#round;
    for (let index = 0; index < wanted.length; index++) this.#marks[wanted[index] ?? 0] = round;
    let best = -1;
    let bestWeight = 0;
    for (let index = 0; index < wanted.length; index++) {
      for (const other of this.#byRarest[wanted[index] ?? 0] ?? []) {
        const { members, weight, excluded } = this.#subsets[other] as Subset;
        if (weight < bestWeight) break;
        if (weight === bestWeight && best >= 0 && other > best) continue;
        if (members.length > wanted.length || !accepts(other)) continue;
        if (!this.#hasAll(members, round) || this.#hasAny(excluded, round)) continue;
        best = other;
        bestWeight = weight;
      }
    }
    return best;
  }

  #hasAll(members: ArrayLike<number>, round: number): boolean {
    for (let index = members.length - 1; index >= 0; index--) {
      if (this.#marks[members[index] ?? 0] !== round) return false;
    }
    return true;
  }

  #hasAny(members: ArrayLike<number>, round: number): boolean {
    for (let index = 0; index < members.length; index++) {
      if (this.#marks[members[index] ?? 0] === round) return true;
    }
    return false;
  }
}
