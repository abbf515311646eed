// SPDX-License-Identifier: GPL-2.0-or-later

/** Points of a distribution: the value that a share of all is not above, shares ascending from 0 to 1. */
export type Distribution = readonly (readonly [share: number, value: number])[];

/**
 * Milliseconds that a build takes, from the published figures of 1,669 real builds: median 34 s, 99 % below 26 min, the longest
 * 4.5 h. The points between are chosen so that the longest 1 % take 39 % of all the time and the longest 10 % some 70 %,
 * as published.
 */
export const publishedWallMs: Distribution = [
  [0, 8_000],
  [0.5, 34_000],
  [0.9, 125_000],
  [0.99, 1_560_000],
  [0.999, 10_000_000],
  [1, 16_200_000],
];

/** Bytes of a work directory, from the same publication: median 3 MiB, p95 194 MiB, p99 1.1 GiB, at most 30 GiB. */
export const publishedUpperBytes: Distribution = [
  [0, 64 * 1024],
  [0.5, 3 * 1024 ** 2],
  [0.95, 194 * 1024 ** 2],
  [0.99, 1.1 * 1024 ** 3],
  [1, 30 * 1024 ** 3],
];

/** Bytes of memory: nobody has published them; what compilers are known to take, on the safe side. */
export const assumedMemoryBytes: Distribution = [
  [0, 128 * 1024 ** 2],
  [0.5, 384 * 1024 ** 2],
  [0.95, 1.5 * 1024 ** 3],
  [0.99, 4 * 1024 ** 3],
  [1, 16 * 1024 ** 3],
];

/** Bytes of a source package's files: all 34,281 of Debian 12. */
export const publishedSourceBytes: Distribution = [
  [0, 2_947],
  [0.1, 12_581],
  [0.25, 24_356],
  [0.5, 79_277],
  [0.75, 453_248],
  [0.9, 2_331_139],
  [0.95, 6_270_049],
  [0.99, 42_034_071],
  [0.999, 350_393_964],
  [1, 2_286_129_535],
];

/** The value at a share, between two points on a logarithmic scale. */
export function valueAt(distribution: Distribution, share: number): number {
  let [lowShare, lowValue] = distribution[0] ?? [0, 1];
  for (const [highShare, highValue] of distribution) {
    if (share <= highShare) {
      const part = highShare === lowShare ? 1 : (share - lowShare) / (highShare - lowShare);
      return lowValue * (highValue / lowValue) ** Math.max(0, part);
    }
    [lowShare, lowValue] = [highShare, highValue];
  }
  return lowValue;
}

/** The share of all that is not above a value: {@link valueAt} the other way round. */
export function shareAt(distribution: Distribution, value: number): number {
  let [lowShare, lowValue] = distribution[0] ?? [0, 1];
  for (const [highShare, highValue] of distribution) {
    if (value <= highValue) {
      if (highValue === lowValue) return highShare;
      const part = Math.log(Math.max(value, lowValue) / lowValue) / Math.log(highValue / lowValue);
      return lowShare + (highShare - lowShare) * part;
    }
    [lowShare, lowValue] = [highShare, highValue];
  }
  return 1;
}
