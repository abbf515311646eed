// SPDX-License-Identifier: GPL-2.0-or-later
import { MissingDependencies } from './missing-dependencies.ts';
import type { PackageSets } from './package-sets.ts';

/** Where the rarest member has at least so many sets, a bit for each set of the campaign is quicker than reading them. */
const bitsFrom = 256;

/** Finds all sets that could lie over given members: that contain them, and none of their dependencies that are missing. */
export class SupersetFinder {
  readonly #all: PackageSets;
  readonly #missing: MissingDependencies;
  readonly #bits: (Uint32Array | undefined)[] = [];
  readonly #result: Uint32Array;
  readonly #marks: Uint8Array;

  constructor(all: PackageSets) {
    this.#all = all;
    this.#missing = new MissingDependencies(all.dependencies);
    this.#result = new Uint32Array((all.sets.length + 31) >>> 5);
    this.#marks = new Uint8Array(all.weights.length);
  }

  /** @param members ranks, ascending, at least one. */
  find(members: Uint32Array): Uint32Array {
    const missing = this.#missing.find(members);
    const having = this.#having(members.at(-1) ?? 0);
    return having.length < bitsFrom ? this.#scan(members, missing, having) : this.#combine(members, missing);
  }

  #having(rank: number): Uint32Array {
    const { starts, targets } = this.#all.postings;
    return targets.subarray(starts[rank], starts[rank + 1]);
  }

  #scan(members: Uint32Array, missing: readonly number[], having: Uint32Array): Uint32Array {
    const marks = this.#marks;
    for (const rank of members) marks[rank] = 1;
    for (const rank of missing) marks[rank] = 2;
    const found = having.filter((set) => {
      const own = this.#all.sets[set] as Uint32Array;
      if (own.length < members.length) return false;
      let contained = 0;
      for (let index = 0; index < own.length; index++) {
        const mark = marks[own[index] as number] as number;
        if (mark === 2) return false;
        contained += mark;
      }
      return contained === members.length;
    });
    for (const rank of members) marks[rank] = 0;
    for (const rank of missing) marks[rank] = 0;
    return found;
  }

  #combine(members: Uint32Array, missing: readonly number[]): Uint32Array {
    const result = this.#result.fill(0xffffffff);
    for (const rank of members) {
      const bits = this.#bitsOf(rank);
      for (let word = 0; word < result.length; word++) {
        result[word] = (result[word] as number) & (bits[word] as number);
      }
    }
    for (const rank of missing) {
      for (const set of this.#having(rank)) {
        result[set >>> 5] = (result[set >>> 5] as number) & ~(1 << (set & 31));
      }
    }
    return this.#having(members.at(-1) ?? 0).filter(
      (set) => (((result[set >>> 5] as number) >>> (set & 31)) & 1) === 1,
    );
  }

  #bitsOf(rank: number): Uint32Array {
    let bits = this.#bits[rank];
    if (bits === undefined) {
      bits = new Uint32Array(this.#result.length);
      for (const set of this.#having(rank)) bits[set >>> 5] = (bits[set >>> 5] as number) | (1 << (set & 31));
      this.#bits[rank] = bits;
    }
    return bits;
  }
}
