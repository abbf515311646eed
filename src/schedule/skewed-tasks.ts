// SPDX-License-Identifier: GPL-2.0-or-later
import { assumedMemoryBytes, publishedUpperBytes, publishedWallMs, valueAt } from './published-figures.ts';
import type { SimulatedTask } from './simulate-campaign.ts';

export interface SkewedOptions {
  readonly count: number;
  readonly seed: number;
  /** Predictions are too large or too small by up to this factor; 1: right. */
  readonly wrongBy?: number;
  readonly levels?: number;
}

/**
 * Tasks as skewed as real builds are (published-figures.ts), for simulations; the same of the same seed. The longest take
 * most room, more or less.
 */
export function skewedTasks({ count, levels = 1, seed, wrongBy = 1 }: SkewedOptions): SimulatedTask[] {
  const random = randomNumbers(seed);
  const near = (share: number): number => Math.min(1, Math.max(0, share + (random() - 0.5) * 0.2));
  const guess = (value: number): number => Math.round(value * wrongBy ** (2 * random() - 1));
  return Array.from({ length: count }, () => {
    const share = random();
    const wallMs = Math.round(valueAt(publishedWallMs, share));
    const upperBytes = Math.round(valueAt(publishedUpperBytes, near(share)));
    const memoryBytes = Math.round(valueAt(assumedMemoryBytes, near(share)));
    return {
      wallMs,
      memoryBytes,
      upperBytes,
      level: Math.floor(random() * levels),
      expected: {
        memoryBytes: guess(memoryBytes),
        upperBytes: guess(upperBytes),
        cpuMs: wallMs,
        wallMs: guess(wallMs),
        basis: 'history',
      },
    };
  });
}

/** Numbers from 0 to 1 that look random (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
