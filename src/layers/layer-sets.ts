// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import { type Layer, layerRecipe } from './layer-description.ts';

/** A layer that others can be made over. */
export interface LayerSet {
  readonly id: Sha256;
  /** All that is installed over the base by it and what it lies over. */
  readonly packages: readonly Sha256[];
  /** Itself and what it lies over, down to the base. */
  readonly chain: readonly Sha256[];
  /** Layers over the base that a root with it has; infinite where one of them is gone. */
  readonly depth: number;
}

/** Those of a base that others can be made over: by this recipe, and with nothing of the base taken away. */
export function setsOver(layers: ReadonlyMap<Sha256, Layer>, base: Sha256): LayerSet[] {
  const sets: LayerSet[] = [];
  for (const layer of layers.values()) {
    if (layer.base !== base || layer.recipe !== layerRecipe || layer.removed.length > 0) continue;
    const chain: Sha256[] = [];
    let below: Layer | undefined = layer;
    while (below !== undefined) {
      chain.push(below.id);
      if (below.parent === null) break;
      below = layers.get(below.parent);
    }
    const depth = below === undefined ? Number.POSITIVE_INFINITY : chain.length;
    sets.push({ id: layer.id, packages: layer.packages, chain, depth });
  }
  return sets;
}
