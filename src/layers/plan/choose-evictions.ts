// SPDX-License-Identifier: GPL-2.0-or-later
import { MaxHeap } from './max-heap.ts';

/** A layer on disk, as far as evicting it goes. */
export interface KeptLayer<Id> {
  readonly id: Id;
  /** The layer that it lies over; null for the base. */
  readonly parent: Id | null;
  readonly bytes: number;
  readonly lastUsedMs: number;
  /** Making it again. */
  readonly costMs: number;
  /** In use now, or still to be used: it stays, and so does everything that it lies over. */
  readonly needed: boolean;
}

export interface Evictions<Id> {
  /** To be removed in this order: what lies over another goes before it. */
  readonly evicted: readonly Id[];
  /** What all the others take; more than the budget where what is needed takes more. */
  readonly keptBytes: number;
}

/** Ages below this say nothing about how soon a layer is used again. */
const shortestAgeMs = 60_000;

/**
 * Which layers go so that the rest fits the budget: what costs least to make again for the room and the time that it
 * was not used. A root has a layer's parents as lower directories, so a parent stays as long as one that lies over it.
 * Nothing goes that could have stayed. `nowMs` is of the clock of `lastUsedMs`.
 */
export function chooseEvictions<Id>(
  layers: readonly KeptLayer<Id>[],
  budgetBytes: number,
  nowMs: number,
): Evictions<Id> {
  const places = new Map(layers.map(({ id }, index) => [id, index]));
  const parents = layers.map(({ parent }) => (parent === null ? -1 : (places.get(parent) ?? -1)));
  let keptBytes = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  const evicted: number[] = [];
  const above = new Uint32Array(layers.length);
  for (const parent of parents) if (parent >= 0) above[parent] = (above[parent] ?? 0) + 1;
  const heap = new MaxHeap();
  const offer = (index: number): void => {
    const layer = layers[index];
    if (layer !== undefined && above[index] === 0 && !layer.needed) heap.push(index, -worthOf(layer, nowMs));
  };
  for (const index of layers.keys()) offer(index);
  while (keptBytes > budgetBytes) {
    const index = heap.pop();
    if (index === undefined) break;
    evicted.push(index);
    keptBytes -= layers[index]?.bytes ?? 0;
    const parent = parents[index] ?? -1;
    if (parent >= 0) above[parent] = (above[parent] ?? 0) - 1;
    offer(parent);
  }
  const gone = new Set(evicted);
  // a large one that went last may have left room for small ones that went before it
  for (const index of evicted.toReversed()) {
    const bytes = layers[index]?.bytes ?? 0;
    if (keptBytes + bytes > budgetBytes || gone.has(parents[index] ?? -1)) continue;
    gone.delete(index);
    keptBytes += bytes;
  }
  const goes = evicted.filter((index) => gone.has(index));
  return { evicted: goes.flatMap((index) => layers.slice(index, index + 1)).map(({ id }) => id), keptBytes };
}

/** What keeping a byte of it saves, if the chance that it is wanted again falls as the time since it last was grows. */
function worthOf(layer: KeptLayer<unknown>, nowMs: number): number {
  return layer.costMs / Math.max(layer.bytes, 1) / Math.max(nowMs - layer.lastUsedMs, shortestAgeMs);
}
