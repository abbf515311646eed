// SPDX-License-Identifier: GPL-2.0-or-later
import { MaxHeap } from './max-heap.ts';
import type { PackageSets } from './package-sets.ts';
import type { ShareCandidate } from './share-candidates.ts';

export interface ShareQuestion {
  readonly all: PackageSets;
  readonly candidates: readonly ShareCandidate[];
  /** What any layer costs before there is a package in it. */
  readonly layerWeight: number;
  /** The weight of what a candidate itself could lie over. */
  readonly weightBelow: (candidate: ShareCandidate) => number;
}

/**
 * Chooses candidates to become layers, the one that saves most first, as long as one saves more than it costs: a set
 * saves by a candidate what that is heavier than `best`, the heaviest that the set could lie over so far. `best` is
 * brought up to date. Savings only shrink while others are chosen, so one is counted anew only when it comes first.
 */
export function chooseShared(question: ShareQuestion, best: Float64Array): ShareCandidate[] {
  const { candidates } = question;
  const costs = candidates.map((candidate) => costOf(question, candidate));
  const gainOf = (index: number): number => {
    const candidate = candidates[index] as ShareCandidate;
    let saved = -(costs[index] ?? 0);
    for (const set of candidate.sets) {
      const more = candidate.weight - (best[set] ?? 0);
      if (more > 0) saved += more;
    }
    return saved;
  };
  const heap = new MaxHeap();
  for (const index of candidates.keys()) {
    const gain = gainOf(index);
    if (gain > 0) heap.push(index, gain);
  }
  const chosen: ShareCandidate[] = [];
  for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
    const gain = gainOf(first);
    if (gain <= 0) continue;
    if (gain < heap.largest) {
      heap.push(first, gain);
      continue;
    }
    const candidate = candidates[first] as ShareCandidate;
    chosen.push(candidate);
    for (const set of candidate.sets) {
      if (candidate.weight > (best[set] ?? 0)) best[set] = candidate.weight;
    }
  }
  return chosen;
}

/** Making it; where one of the sets is exactly the candidate, that set's own layer would have been made anyway. */
function costOf({ all, layerWeight, weightBelow }: ShareQuestion, candidate: ShareCandidate): number {
  const isSet = candidate.sets.some((set) => all.sets[set]?.length === candidate.members.length);
  return (isSet ? 0 : layerWeight) + candidate.weight - weightBelow(candidate);
}
