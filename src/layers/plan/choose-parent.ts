// SPDX-License-Identifier: GPL-2.0-or-later
import { type Subset, SubsetIndex } from './subset-index.ts';

/** What names a package: its digest, or a number. */
export type PackageId = string | number;

/** A layer that is there. */
export interface CachedLayer {
  /** All that is installed over the base by it and what it lies over. */
  readonly packages: Iterable<PackageId>;
  /** Layers over the base that a root with it has: 1 or more. */
  readonly depth: number;
}

export interface ParentQuestion {
  /** An estimate of installing one package, at least 0. */
  readonly costMs: (id: PackageId) => number;
  /** What lying over another layer costs more than lying over the base: a parent must save more than that. */
  readonly parentMs: number;
  /** Most layers over the base in one root: a parent is at least one below it. */
  readonly maxDepth: number;
}

export interface ChosenParent {
  /** Its place among the layers that the index was made of. */
  readonly layer: number;
  /** Installing what it has. */
  readonly savedMs: number;
}

/** Layers over one base, made ready for {@link chooseParent}; made anew when layers come or go. */
export interface CachedLayerIndex {
  readonly numbers: ReadonlyMap<PackageId, number>;
  readonly layers: readonly (Subset & { readonly depth: number })[];
  readonly index: SubsetIndex;
  readonly question: ParentQuestion;
}

/** In proportion to all packages of all layers. */
export function indexCachedLayers(
  layers: readonly CachedLayer[],
  question: ParentQuestion,
): CachedLayerIndex {
  const counts = new Map<PackageId, number>();
  const sets = layers.map(({ packages }) => new Set(packages));
  for (const set of sets) for (const id of set) counts.set(id, (counts.get(id) ?? 0) + 1);
  // the sort is stable: of equals, what was met first
  const frequentFirst = [...counts].sort(([, a], [, b]) => b - a);
  const numbers = new Map(frequentFirst.map(([id], number) => [id, number]));
  const costs = Float64Array.from(frequentFirst, ([id]) => question.costMs(id));
  const subsets = sets.map((set, layer) => {
    const members = Uint32Array.from(set, (id) => numbers.get(id) ?? 0).sort();
    const weight = members.reduce((sum, number) => sum + (costs[number] ?? 0), 0);
    return { members, weight, excluded: [], depth: layers[layer]?.depth ?? 0 };
  });
  return { numbers, layers: subsets, index: new SubsetIndex(subsets, numbers.size), question };
}

/**
 * Which of the layers a set is best made over: one whose packages are all wanted, that leaves room for one more layer, and
 * that saves most; undefined where none saves anything. A layer that is exactly the set is chosen at any depth. Each
 * question looks only at layers whose rarest package is wanted.
 */
export function chooseParent(
  { numbers, layers, index, question }: CachedLayerIndex,
  wanted: Iterable<PackageId>,
): ChosenParent | undefined {
  const distinct = new Set(wanted);
  const known = [...distinct].flatMap((id) => numbers.get(id) ?? []);
  const layer = index.findHeaviest(known, (other) => {
    const { members, depth } = layers[other] ?? { members: [], depth: 0 };
    return depth < question.maxDepth || members.length === distinct.size;
  });
  const chosen = layers[layer];
  if (chosen === undefined) return undefined;
  const isWhole = chosen.members.length === distinct.size;
  return isWhole || chosen.weight > question.parentMs ? { layer, savedMs: chosen.weight } : undefined;
}
