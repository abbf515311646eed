// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import type { Sha256 } from '../base/digest.ts';
import { lockThere } from '../host/shared-use.ts';
import { layerDescription } from './layer-description.ts';

/** A layer and all that it lies over, which stay as long as this is not disposed of; it ends with the process too. */
export interface LayerUse extends Disposable {
  /** Lower directories for a root, topmost first. */
  readonly lower: readonly string[];
}

/**
 * Marks a layer's directory as used, by a lock on its description that several may have. Undefined where the layer is not
 * there, or is just being removed.
 */
export async function useLayerAt(directory: string): Promise<Disposable | undefined> {
  for (let waitMs = 1; ; waitMs = Math.min(2 * waitMs, 50)) {
    const lock = lockThere(layerDescription(directory), 'shared');
    if (lock === 'gone') return undefined;
    // who removes layers looks whether this one may go, and lets it be if not: that is soon over
    if (lock !== 'busy') return lock;
    await delay(waitMs);
  }
}

/** Which layers this process will want again soon, by how often. */
export class ExpectedLayers {
  readonly #counts = new Map<Sha256, number>();

  has(id: Sha256): boolean {
    return this.#counts.has(id);
  }

  /** Expects them once more each, until disposed. */
  add(ids: readonly Sha256[]): Disposable {
    for (const id of ids) this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    let left = ids;
    return {
      [Symbol.dispose]: () => {
        for (const id of left) {
          const count = (this.#counts.get(id) ?? 0) - 1;
          if (count > 0) this.#counts.set(id, count);
          else this.#counts.delete(id);
        }
        left = [];
      },
    };
  }
}
