// SPDX-License-Identifier: GPL-2.0-or-later
import type { MissingDependencies } from './missing-dependencies.ts';
import type { PackageSets } from './package-sets.ts';
import { type Subset, SubsetIndex } from './subset-index.ts';

/** A layer that others may lie over. */
export interface SharedLayer extends Subset {
  /** Lies only over layers of a lower level: so no more than this many are below each other. */
  readonly level: number;
  /** Its place among the cached layers, which cost nothing and have no parent here; or -1. */
  readonly cached: number;
}

/** Who lies over whom; layers are places in `layers`, -1 is the base. */
export interface LayerTree {
  readonly layers: readonly SharedLayer[];
  readonly parentOfLayer: Int32Array;
  /** What each set lies over; where that has as many members it is the set itself, which needs no layer of its own. */
  readonly parentOfSet: Int32Array;
}

/** The fixed side of the question. */
export interface TreeQuestion {
  readonly all: PackageSets;
  readonly layerWeight: number;
  /** Most layers over the base for a set, its own included. */
  readonly maxDepth: number;
}

export function sharedLayer(
  missing: MissingDependencies,
  members: Uint32Array,
  weight: number,
  level: number,
  cached = -1,
): SharedLayer {
  return { members, weight, excluded: missing.find(members), level, cached };
}

/** The heaviest parent for everything. */
export function arrangeLayers(question: TreeQuestion, layers: readonly SharedLayer[]): LayerTree {
  const { all, maxDepth } = question;
  const index = new SubsetIndex(layers, all.weights.length);
  const parentOfLayer = Int32Array.from(layers, (layer) =>
    layer.cached >= 0
      ? -1
      : index.findHeaviest(
          layer.members,
          (other) =>
            (layers[other]?.level ?? 0) < layer.level &&
            (layers[other]?.members.length ?? 0) < layer.members.length,
        ),
  );
  const parentOfSet = Int32Array.from(all.sets, (members) =>
    index.findHeaviest(
      members,
      (other) => (layers[other]?.level ?? 0) < maxDepth || layers[other]?.members.length === members.length,
    ),
  );
  return { layers, parentOfLayer, parentOfSet };
}

/** What making everything costs, in the weights of the cost model. */
export function treeCost({ all, layerWeight }: TreeQuestion, tree: LayerTree): number {
  let cost = 0;
  for (const [index, layer] of tree.layers.entries()) {
    if (layer.cached >= 0) continue;
    cost += layerWeight + layer.weight - (tree.layers[tree.parentOfLayer[index] ?? -1]?.weight ?? 0);
  }
  for (const [set, parent] of tree.parentOfSet.entries()) {
    const below = tree.layers[parent];
    if (below?.members.length === all.sets[set]?.length) continue;
    cost += layerWeight + (all.setWeights[set] ?? 0) - (below?.weight ?? 0);
  }
  return cost;
}

/** The same layers on the highest level on which what lies over each still has room. */
export function raiseLevels({ all, maxDepth }: TreeQuestion, tree: LayerTree): SharedLayer[] {
  const heights = new Uint32Array(tree.layers.length).fill(1);
  const raise = (layer: number, above: number): void => {
    if (layer < 0 || (heights[layer] ?? 0) > above) return;
    heights[layer] = above + 1;
    raise(tree.parentOfLayer[layer] ?? -1, above + 1);
  };
  for (const [set, parent] of tree.parentOfSet.entries()) {
    if (tree.layers[parent]?.members.length !== all.sets[set]?.length) raise(parent, 1);
  }
  for (const [layer, parent] of tree.parentOfLayer.entries()) raise(parent, heights[layer] ?? 1);
  return tree.layers.map((layer, index) =>
    layer.cached >= 0
      ? layer
      : { ...layer, level: Math.min(maxDepth - 1, maxDepth + 1 - (heights[index] ?? 1)) },
  );
}

/** Without the layers that cost more than they save; what lay over one lies over its parent then. */
export function pruneLayers(question: TreeQuestion, tree: LayerTree): LayerTree {
  const { all, layerWeight } = question;
  const { layers } = tree;
  const parentOfLayer = tree.parentOfLayer.slice();
  const parentOfSet = tree.parentOfSet.slice();
  const children = new Uint32Array(layers.length);
  const isSet = new Uint8Array(layers.length);
  for (const parent of parentOfLayer) if (parent >= 0) children[parent] = (children[parent] ?? 0) + 1;
  for (const [set, parent] of parentOfSet.entries()) {
    if (parent < 0) continue;
    if (layers[parent]?.members.length === all.sets[set]?.length) isSet[parent] = 1;
    else children[parent] = (children[parent] ?? 0) + 1;
  }
  const gone = new Uint8Array(layers.length);
  // deepest first: what becomes of a layer's children decides what it is worth
  const order = [...layers.keys()].sort((a, b) => (layers[b]?.level ?? 0) - (layers[a]?.level ?? 0) || b - a);
  for (let changed = true; changed; ) {
    changed = false;
    for (const index of order) {
      const layer = layers[index] as SharedLayer;
      const count = children[index] ?? 0;
      if (gone[index] === 1 || isSet[index] === 1) continue;
      const parent = parentOfLayer[index] ?? -1;
      const added = layer.weight - (layers[parent]?.weight ?? 0);
      const saves = layer.cached >= 0 ? count > 0 : count * added > layerWeight + added;
      if (saves) continue;
      gone[index] = 1;
      changed = true;
      for (const [other, below] of parentOfLayer.entries())
        if (below === index) parentOfLayer[other] = parent;
      for (const [set, below] of parentOfSet.entries()) if (below === index) parentOfSet[set] = parent;
      if (parent >= 0) children[parent] = (children[parent] ?? 0) + count - 1;
    }
  }
  const place = new Int32Array(layers.length).fill(-1);
  let kept = 0;
  for (const index of layers.keys()) if (gone[index] === 0) place[index] = kept++;
  const renumber = (parent: number): number => (parent < 0 ? -1 : (place[parent] ?? -1));
  return {
    layers: layers.filter((_, index) => gone[index] === 0),
    parentOfLayer: parentOfLayer.filter((_, index) => gone[index] === 0).map(renumber),
    parentOfSet: parentOfSet.map(renumber),
  };
}
