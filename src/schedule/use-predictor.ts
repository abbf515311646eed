// SPDX-License-Identifier: GPL-2.0-or-later
import type { PredictedUse } from '../events/events.ts';
import {
  assumedMemoryBytes,
  publishedSourceBytes,
  publishedUpperBytes,
  publishedWallMs,
  shareAt,
  valueAt,
} from './published-figures.ts';
import type { PastUse, TaskHistory } from './task-history.ts';

/** What is known of a source before it is built. */
export interface SourceFeatures {
  readonly name: string;
  /** Of its files; undefined where that is not known (a directory of the user's). */
  readonly bytes: number | undefined;
  /** How many relations it states for building it; undefined where that is not known. */
  readonly relations: number | undefined;
}

/** What was seen may be a little exceeded next time. */
const margin = 1.1;
/** So many similar sources say something. */
const enoughNeighbours = 5;
/** How far off, in steps of a factor of two, a source's size may be to be similar. */
const farthest = 3;

/**
 * Predicts what tasks take, and says what it goes by: what the same source took before; else what sources of the same
 * kind and of about the same size took (the kind is how its name begins or ends, since most names say it: `-perl`,
 * `golang-`, `r-cran-`; else about how many build dependencies it has); else its size's place among all sources, in the
 * published distributions. Memory and upper are rather predicted too large than too small, times as they usually are.
 *
 * @param featuresOf what is known now of a source of the history; undefined where nothing is.
 */
export class UsePredictor {
  readonly #history: TaskHistory;
  readonly #featuresOf: (source: string) => SourceFeatures | undefined;
  #byKind: Map<string, PastUse[]> | undefined;

  constructor(history: TaskHistory, featuresOf: (source: string) => SourceFeatures | undefined) {
    this.#history = history;
    this.#featuresOf = featuresOf;
  }

  predict(source: SourceFeatures): PredictedUse {
    const past = this.#history.usesOf(source.name);
    if (past.length > 0) return fromHistory(past);
    const similar = this.#similarTo(source);
    return similar === undefined ? fromSize(source) : fromSimilar(similar);
  }

  #similarTo(source: SourceFeatures): readonly PastUse[] | undefined {
    if (source.bytes === undefined) return undefined;
    const step = sizeStep(source.bytes);
    this.#byKind ??= this.#gatherByKind();
    for (const kind of kindsOf(source)) {
      const found: PastUse[] = [];
      for (let distance = 0; distance <= farthest; distance++) {
        for (const at of distance === 0 ? [step] : [step - distance, step + distance]) {
          found.push(...(this.#byKind.get(keyOf(kind, at)) ?? []));
        }
        if (found.length >= enoughNeighbours) return found;
      }
    }
    return undefined;
  }

  /** Once, and only when a source is met that was never built. */
  #gatherByKind(): Map<string, PastUse[]> {
    const byKind = new Map<string, PastUse[]>();
    for (const { source, use } of this.#history.sources()) {
      const features = this.#featuresOf(source);
      if (features?.bytes === undefined) continue;
      const step = sizeStep(features.bytes);
      for (const key of kindsOf(features).map((kind) => keyOf(kind, step))) {
        const uses = byKind.get(key);
        if (uses === undefined) byKind.set(key, [use]);
        else uses.push(use);
      }
    }
    return byKind;
  }
}

/** From the most telling to the one that all have. */
function kindsOf({ name, relations }: SourceFeatures): string[] {
  const parts = name.split('-');
  const kinds: string[] = [];
  if (parts.length > 1) kinds.push(`*-${parts.at(-1)}`, `${parts[0]}-*`);
  if (relations !== undefined) kinds.push(`relations ${Math.round(Math.log2(1 + relations))}`);
  return [...kinds, '*'];
}

function sizeStep(bytes: number): number {
  return Math.round(Math.log2(Math.max(1, bytes)));
}

function keyOf(kind: string, step: number): string {
  return `${kind} ${step}`;
}

/** Time as it was last, room as it was at most. */
function fromHistory(past: readonly PastUse[]): PredictedUse {
  const highest = (of: (use: PastUse) => number): number => Math.max(...past.map(of));
  const [last] = past;
  return {
    memoryBytes: Math.round(margin * highest((use) => use.memoryBytes)),
    upperBytes: Math.round(margin * highest((use) => use.upperBytes)),
    cpuMs: last?.cpuMs ?? 0,
    wallMs: last?.wallMs ?? 0,
    basis: 'history',
  };
}

/** Time as the middle one took, room as most could do with. */
function fromSimilar(uses: readonly PastUse[]): PredictedUse {
  const ranked = (share: number, of: (use: PastUse) => number): number => {
    const values = uses.map(of).sort((a, b) => a - b);
    return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  };
  return {
    memoryBytes: Math.round(margin * ranked(0.9, (use) => use.memoryBytes)),
    upperBytes: Math.round(margin * ranked(0.9, (use) => use.upperBytes)),
    cpuMs: ranked(0.5, (use) => use.cpuMs),
    wallMs: ranked(0.5, (use) => use.wallMs),
    basis: 'similar',
  };
}

function fromSize({ bytes }: SourceFeatures): PredictedUse {
  const share = bytes === undefined ? 0.5 : shareAt(publishedSourceBytes, bytes);
  const wallMs = Math.round(valueAt(publishedWallMs, share));
  return {
    memoryBytes: Math.round(valueAt(assumedMemoryBytes, share)),
    upperBytes: Math.round(valueAt(publishedUpperBytes, share)),
    cpuMs: wallMs,
    wallMs,
    basis: 'default',
  };
}
