// SPDX-License-Identifier: GPL-2.0-or-later
import { type LayerTree, type SharedLayer, sharedLayer } from './layer-tree.ts';
import { weightOf } from './members.ts';
import { MissingDependencies } from './missing-dependencies.ts';
import type { PackageSets } from './package-sets.ts';

/**
 * Each layer with everything that all that lies over it have in common: more is made once instead of each time. The
 * tree stays as it is; layers that are cached stay what they are.
 */
export function growLayers(all: PackageSets, tree: LayerTree): SharedLayer[] {
  const layers = [...tree.layers];
  const above: Uint32Array[][] = layers.map(() => []);
  for (const [set, parent] of tree.parentOfSet.entries())
    above[parent]?.push(all.sets[set] ?? new Uint32Array(0));
  const missing = new MissingDependencies(all.dependencies);
  const counts = new Uint32Array(all.weights.length);
  const order = [...layers.keys()].sort((a, b) => (layers[b]?.level ?? 0) - (layers[a]?.level ?? 0) || a - b);
  for (const index of order) {
    const layer = layers[index] as SharedLayer;
    const members = layer.cached >= 0 ? layer.members : commonOf(above[index] ?? [], missing, counts);
    if (members.length > layer.members.length) {
      layers[index] = sharedLayer(missing, members, weightOf(members, all.weights), layer.level);
    }
    above[tree.parentOfLayer[index] ?? -1]?.push(members);
  }
  return layers;
}

/** What all have in common, closed. What they already lie over is a part of it. */
function commonOf(
  above: readonly Uint32Array[],
  missing: MissingDependencies,
  counts: Uint32Array,
): Uint32Array {
  const first = above[0] ?? new Uint32Array(0);
  for (const members of above) for (const rank of members) counts[rank] = (counts[rank] ?? 0) + 1;
  const common = first.filter((rank) => counts[rank] === above.length);
  const closed = missing.closedPart(common, (rank) => (counts[rank] ?? 0) > 0);
  for (const members of above) for (const rank of members) counts[rank] = 0;
  return closed;
}
