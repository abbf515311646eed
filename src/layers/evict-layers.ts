// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { fileFacts } from '../host/pool-files.ts';
import { removeAtOnce } from '../host/scratch-directory.ts';
import { lockThere } from '../host/shared-use.ts';
import { costOfMaking, type Layer, layerDescription, readLayers } from './layer-description.ts';
import { chooseEvictions } from './plan/choose-evictions.ts';

export interface EvictionRequest {
  /** Where all layers are. */
  readonly directory: string;
  readonly scratchDirectory: string;
  /** What is known of them; brought up to date: other processes make and evict layers too. */
  readonly layers: Map<Sha256, Layer>;
  /** What may stay. */
  readonly budgetBytes: number;
  /** Layers that will be wanted soon, besides those that are in use. */
  readonly isExpected: (id: Sha256) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Removes layers until the rest fits the budget, as far as it can: never one that a process uses or that this one expects to
 * use, never what another that stays lies over. The caller holds the lock that lets only one process evict.
 */
export async function evictLayers(request: EvictionRequest): Promise<void> {
  const { directory, layers, budgetBytes } = request;
  const used = new Set<Sha256>();
  // what is known may be of layers that others evicted and made again, over others
  update(layers, await readLayers(directory));
  for (let isDone = false; !isDone; ) {
    update(layers, await readLayers(directory, layers));
    const kept = await Promise.all(
      [...layers.values()].map(async (layer) => ({
        ...layer,
        lastUsedMs: (await fileFacts(layerDescription(join(directory, layer.id))))?.usedAt ?? 0,
        costMs: costOfMaking(layer),
        needed: used.has(layer.id) || request.isExpected(layer.id),
      })),
    );
    isDone = true;
    for (const id of chooseEvictions(kept, budgetBytes, request.now).evicted) {
      if (await evict(request, id)) {
        layers.delete(id);
      } else {
        // what else could go instead, now that this one stays?
        used.add(id);
        isDone = false;
        break;
      }
    }
  }
}

function update(layers: Map<Sha256, Layer>, there: ReadonlyMap<Sha256, Layer>): void {
  for (const id of layers.keys()) if (!there.has(id)) layers.delete(id);
  for (const [id, layer] of there) layers.set(id, layer);
}

/** False where it is used. Who uses a layer has all below it locked too, also while making another one over it. */
async function evict({ directory, scratchDirectory, layers }: EvictionRequest, id: Sha256): Promise<boolean> {
  const path = join(directory, id);
  const lock = lockThere(layerDescription(path), 'exclusive');
  if (lock === 'busy') return false;
  if (lock === 'gone') return true;
  using _lock = lock;
  // one that was made over it since it was chosen is seen now: no further one can begin
  const now = await readLayers(directory, layers);
  if (now.values().some(({ parent }) => parent === id)) return false;
  await removeAtOnce(path, scratchDirectory);
  return true;
}
