// SPDX-License-Identifier: GPL-2.0-or-later
import { chooseShared } from './choose-shared.ts';
import { growLayers } from './grow-layers.ts';
import {
  arrangeLayers,
  type LayerTree,
  pruneLayers,
  raiseLevels,
  type SharedLayer,
  sharedLayer,
  type TreeQuestion,
  treeCost,
} from './layer-tree.ts';
import { MissingDependencies } from './missing-dependencies.ts';
import { postingsOf } from './package-sets.ts';
import { findCandidates, type ShareCandidate } from './share-candidates.ts';
import { SubsetIndex } from './subset-index.ts';
import { SupersetFinder } from './superset-finder.ts';

/** What a round must save of the cost to be followed by another. */
const worthwhile = 0.001;

/**
 * Which layers to share, and who lies over whom. From the base upwards, on each level what saves most over what is
 * there already is chosen; then all is arranged anew, grown and pruned. In the next round those layers rise as high as
 * depth allows, so that others can be chosen below them; and so on as long as it saves.
 */
export function shareLayers(question: TreeQuestion, cached: readonly SharedLayer[]): LayerTree {
  const candidates = question.maxDepth > 1 ? findCandidates(question.all) : [];
  let tree = pruneLayers(question, arrangeLayers(question, cached));
  for (let cost = treeCost(question, tree); ; ) {
    const known = [...raiseLevels(question, tree), ...cached.filter((layer) => !tree.layers.includes(layer))];
    const next = mendTree(question, chooseLevels(question, candidates, known));
    const nextCost = treeCost(question, next);
    if (nextCost < cost) tree = next;
    if (cost - nextCost <= worthwhile * cost) return tree;
    cost = nextCost;
  }
}

function chooseLevels(
  question: TreeQuestion,
  candidates: readonly ShareCandidate[],
  known: readonly SharedLayer[],
): SharedLayer[] {
  const { all, layerWeight, maxDepth } = question;
  const missing = new MissingDependencies(all.dependencies);
  const layers = [...known];
  for (let level = 1; level < maxDepth; level++) {
    const { parentOfSet, parentOfLayer } = arrangeLayers(question, layers);
    const weightsBelow = [...parentOfSet, ...parentOfLayer].map((parent) => layers[parent]?.weight ?? 0);
    const index = new SubsetIndex(layers, all.weights.length);
    const isLower = (other: number): boolean => (layers[other]?.level ?? 0) < level;
    const chosen = chooseShared(
      {
        all,
        candidates: withLayers(question, candidates, known, level),
        layerWeight,
        weightBelow: ({ members }) => layers[index.findHeaviest(members, isLower)]?.weight ?? 0,
      },
      Float64Array.from(weightsBelow),
    );
    for (const { members, weight } of chosen) layers.push(sharedLayer(missing, members, weight, level));
  }
  return layers;
}

/** The candidates of a level with the layers above it that could lie over each, numbered on from the sets. */
function withLayers(
  { all }: TreeQuestion,
  candidates: readonly ShareCandidate[],
  layers: readonly SharedLayer[],
  level: number,
): readonly ShareCandidate[] {
  if (!layers.some((layer) => isAbove(layer, level))) return candidates;
  const sets = layers.map((layer) => (isAbove(layer, level) ? layer.members : new Uint32Array(0)));
  const finder = new SupersetFinder({ ...all, sets, postings: postingsOf(sets, all.weights.length) });
  return candidates.map((candidate) => {
    const above = finder
      .find(candidate.members)
      .filter((layer) => (sets[layer]?.length ?? 0) > candidate.members.length);
    if (above.length === 0) return candidate;
    const joined = new Uint32Array(candidate.sets.length + above.length);
    joined.set(candidate.sets);
    joined.set(
      above.map((layer) => all.sets.length + layer),
      candidate.sets.length,
    );
    return { ...candidate, sets: joined };
  });
}

function isAbove(layer: SharedLayer, level: number): boolean {
  return layer.cached < 0 && layer.level > level;
}

/** Arranged, and what is better made once is: growing and pruning open the way for each other. */
function mendTree(question: TreeQuestion, layers: readonly SharedLayer[]): LayerTree {
  let tree = pruneLayers(question, arrangeLayers(question, layers));
  for (let cost = treeCost(question, tree); ; ) {
    const next = pruneLayers(question, arrangeLayers(question, growLayers(question.all, tree)));
    const nextCost = treeCost(question, next);
    if (cost - nextCost <= worthwhile * cost) return nextCost < cost ? next : tree;
    tree = next;
    cost = nextCost;
  }
}
