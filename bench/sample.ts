// SPDX-License-Identifier: GPL-2.0-or-later
/** `count` of `items`, chosen and ordered by `seed` alone: the same call always gives the same sample. */
export function sampleOf<T>(items: readonly T[], count: number, seed: number): T[] {
  const random = mulberry32(seed);
  const pool = [...items];
  const wanted = Math.min(count, pool.length);
  for (let index = 0; index < wanted; index++) {
    const other = index + Math.floor(random() * (pool.length - index));
    const taken = pool[other] as T;
    pool[other] = pool[index] as T;
    pool[index] = taken;
  }
  return pool.slice(0, wanted);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
