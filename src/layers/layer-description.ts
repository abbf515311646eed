// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { listDirectory } from '../host/files.ts';
import { readTextUnnoticed } from '../host/pool-files.ts';
import { defaultCostModel } from './plan/cost-model.ts';

/** What a layer's description says. */
export interface Layer {
  readonly id: Sha256;
  readonly base: string;
  /** The layer that it lies over; null where that is the base. */
  readonly parent: Sha256 | null;
  /** Digests of all packages, those of the layers below included. */
  readonly packages: readonly Sha256[];
  readonly removed: readonly string[];
  readonly made: 'linked' | 'installed';
  /** By which recipe ({@link layerRecipe}); absent where an older program made it. */
  readonly recipe?: number;
  /** What it takes on disk besides the unpacked packages. */
  readonly bytes: number;
  /** How long making it took; absent where an older program made it. */
  readonly madeMs?: number;
}

/** What making a layer again would take, in milliseconds. */
export function costOfMaking(layer: Layer): number {
  return layer.madeMs ?? defaultCostModel.layerMs;
}

const descriptionName = 'layer.json';

/** Where a layer's description is, which also notes its last use, and is locked by who uses it. */
export function layerDescription(directory: string): string {
  return join(directory, descriptionName);
}

/** Reads a layer's description; undefined where there is none, or one that is damaged. */
export async function readLayer(directory: string): Promise<Layer | undefined> {
  const text = await readTextUnnoticed(layerDescription(directory));
  if (text === undefined) return undefined;
  const layer = parseLayer(text);
  // what an older program made says only how many packages it has
  return Array.isArray(layer?.packages) ? layer : undefined;
}

function parseLayer(text: string): Layer | undefined {
  try {
    return JSON.parse(text) as Layer;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** All layers below a directory; those that are in `known` already are not read again, and are left out where they are gone. */
export async function readLayers(
  directory: string,
  known: ReadonlyMap<Sha256, Layer> = new Map(),
): Promise<Map<Sha256, Layer>> {
  const layers = new Map<Sha256, Layer>();
  for (const id of await listDirectory(directory)) {
    const layer = known.get(id as Sha256) ?? (await readLayer(join(directory, id)));
    if (layer !== undefined) layers.set(layer.id, layer);
  }
  return layers;
}

/**
 * Everything that can change the result: the base stands for its own content, its tools and how they are called; the
 * packages by content; the recipe for how they are brought in. Neither their order nor the layer below is part of it:
 * dpkg configures by dependencies, and that the result is the same is what `paseka layer compare` proves.
 */
export function layerId(layer: {
  readonly base: string;
  readonly packages: readonly Sha256[];
  readonly removed: readonly string[];
}): Sha256 {
  return digestOfParts({
    base: layer.base,
    packages: layer.packages.toSorted().join(' '),
    removed: layer.removed.toSorted().join(' '),
    recipe: String(layerRecipe),
  });
}

/**
 * Raise it when the way in which packages are installed changes what a layer has in it: layers of other recipes are neither
 * found nor lain over any more.
 */
export const layerRecipe = 7;
