// SPDX-License-Identifier: GPL-2.0-or-later
import { memberHash, weightOf } from './members.ts';
import { MissingDependencies } from './missing-dependencies.ts';
import type { PackageSets } from './package-sets.ts';
import { SupersetFinder } from './superset-finder.ts';

/** Packages that several sets have in common. */
export interface ShareCandidate {
  /** Ranks, ascending, closed under the dependencies that the sets have. */
  readonly members: Uint32Array;
  readonly weight: number;
  /** The sets that could lie over it, ascending; two or more. */
  readonly sets: Uint32Array;
}

/** How many of a package's sets are looked at to learn what usually comes with it. */
const sampleSize = 64;

/** A package belongs to what comes with another where at least this part of the sample has it. */
const shares = [1, 0.75, 0.5] as const;

/** A dependency that more than this part of the sample has must be within, or what needs it goes too. */
const tolerated = 0.1;

/**
 * What could be worth a layer: for each package, what all, nearly all or most of the sets that need it have in common.
 * Every group of sets that share something heavy is met in this way, from any package that marks the group. Time is
 * in proportion to all members of all sets, times a small factor.
 */
export function findCandidates(all: PackageSets): ShareCandidate[] {
  const { starts, targets } = all.postings;
  const finder = new SupersetFinder(all);
  const company = new UsualCompany(all);
  const seeds = new Set<number>();
  const seen = new Set<number>();
  const candidates: ShareCandidate[] = [];
  for (let rank = 0; rank < all.weights.length; rank++) {
    const having = targets.subarray(starts[rank], starts[rank + 1]);
    if (having.length < 2) continue;
    const seed = memberHash(having);
    if (seeds.has(seed)) continue;
    seeds.add(seed);
    for (const members of company.find(having)) {
      const hash = memberHash(members);
      if (members.length === 0 || seen.has(hash)) continue;
      seen.add(hash);
      const sets = finder.find(members);
      if (sets.length < 2) continue;
      candidates.push({ members, weight: weightOf(members, all.weights), sets });
    }
  }
  return candidates;
}

/** What some sets have in common; one value serves many calls. */
class UsualCompany {
  readonly #all: PackageSets;
  readonly #missing: MissingDependencies;
  readonly #counts: Uint16Array;
  readonly #met: Uint32Array;

  constructor(all: PackageSets) {
    this.#all = all;
    this.#missing = new MissingDependencies(all.dependencies);
    this.#counts = new Uint16Array(all.weights.length);
    this.#met = new Uint32Array(all.weights.length);
  }

  /** For each of {@link shares} what at least that part of the sets has; no two of them equal in length. */
  find(having: Uint32Array): Uint32Array[] {
    const counts = this.#counts;
    const size = Math.min(having.length, sampleSize);
    const met = this.#count(having, size);
    const found: Uint32Array[] = [];
    let lastLength = 0;
    for (const share of shares) {
      const least = share * size;
      const common = met.filter((rank) => (counts[rank] as number) >= least);
      if (common.length === lastLength) continue;
      lastLength = common.length;
      const limit = tolerated * size;
      found.push(this.#missing.closedPart(common.sort(), (rank) => (counts[rank] ?? 0) > limit));
    }
    for (const rank of met) counts[rank] = 0;
    return found;
  }

  #count(having: Uint32Array, size: number): Uint32Array {
    const counts = this.#counts;
    const met = this.#met;
    let metCount = 0;
    for (let index = 0; index < size; index++) {
      const own = this.#all.sets[having[Math.floor((index * having.length) / size)] ?? 0] as Uint32Array;
      for (let at = 0; at < own.length; at++) {
        const rank = own[at] as number;
        const count = counts[rank] as number;
        if (count === 0) met[metCount++] = rank;
        counts[rank] = count + 1;
      }
    }
    return met.subarray(0, metCount);
  }
}
