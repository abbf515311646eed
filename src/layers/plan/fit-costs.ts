// SPDX-License-Identifier: GPL-2.0-or-later

/** What making a layer of linked packages takes on a host. */
export interface MakingCosts {
  /** Whatever is in it: a root, the packaging system's start, its triggers. */
  readonly layerMs: number;
  /** For each package that it adds to what it lies over. */
  readonly packageMs: number;
}

/** A layer that was made. */
export interface MadeLayer {
  /** How many packages it added to what it lies over. */
  readonly packages: number;
  readonly madeMs: number;
}

/** Of a dozen layers on Debian 12 (docs/benchmarks.md). */
export const defaultMakingCosts: MakingCosts = { layerMs: 400, packageMs: 12 };

/** Fewer say more of what happened to run beside them than of the host. */
const fewestLayers = 8;
/** Of more, so many spread over all of them: pairs are looked at. */
const mostLayers = 200;
/** No host is so different from the one that was measured; a disturbed measurement is. */
const mostTimes = 8;

/**
 * Fits the costs to layers that were made: the line whose slope is the median of the slopes between any two of them
 * (Theil-Sen), at the median height. Up to a quarter of the layers may have taken any time at all and move it little.
 * The default where there are few, or all have the same size; never more than eight times more or less than that.
 */
export function fitMakingCosts(made: readonly MadeLayer[]): MakingCosts {
  const step = Math.max(1, made.length / mostLayers);
  const layers = Array.from(
    { length: Math.min(made.length, mostLayers) },
    (_, index) => made[Math.floor(index * step)],
  );
  const points = layers.filter((one) => one !== undefined);
  if (points.length < fewestLayers) return defaultMakingCosts;
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter(({ packages }) => packages !== one.packages)
      .map((other) => (other.madeMs - one.madeMs) / (other.packages - one.packages)),
  );
  if (slopes.length < fewestLayers) return defaultMakingCosts;
  const packageMs = near(median(slopes), defaultMakingCosts.packageMs);
  const heights = points.map(({ packages, madeMs }) => madeMs - packageMs * packages);
  return { layerMs: near(median(heights), defaultMakingCosts.layerMs), packageMs };
}

function near(value: number, expected: number): number {
  return Math.min(Math.max(value, expected / mostTimes), expected * mostTimes);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
