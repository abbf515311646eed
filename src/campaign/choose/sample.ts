// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts } from '../../base/digest.ts';

/**
 * `count` of the names in their order, the same for the same seed: those whose digest with the seed is lowest. What is
 * drawn of one name doesn't depend on which others there are, so that samples of two snapshots differ little.
 */
export function drawSample<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  count: number,
  seed: string,
): T[] {
  if (all.length <= count) return [...all];
  const ranked = all
    .map((one, place) => ({ place, rank: digestOfParts({ seed, name: nameOf(one) }) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const places = ranked.slice(0, count).map(({ place }) => place);
  return places
    .sort((a, b) => a - b)
    .map((place) => all[place])
    .filter((one) => one !== undefined);
}
