// SPDX-License-Identifier: GPL-2.0-or-later
import type { SourceInput } from '../distro/source-input.ts';
import type { PredictedUse } from '../events/events.ts';

export interface OrderedSource {
  readonly source: SourceInput;
  readonly expected: PredictedUse;
  /** Among the sources given. */
  readonly place: number;
}

/** Among so many long ones in a row, one short one. */
const longPerShort = 7;

/**
 * The order in which sources are planned and handed to the scheduler, which sees a part of them at a time: the long ones
 * first, longest first, so that it knows of all of them before anything else, with short ones among them for the turns that they
 * have; then the other short ones, in the order given.
 */
export function orderSources(
  sources: readonly SourceInput[],
  expected: readonly PredictedUse[],
  longMs: number,
): readonly OrderedSource[] {
  const all = sources.flatMap((source, place): OrderedSource[] => {
    const use = expected[place];
    return use === undefined ? [] : [{ source, expected: use, place }];
  });
  const isLong = (one: OrderedSource): boolean => one.expected.wallMs > longMs;
  const long = all.filter(isLong).sort((a, b) => b.expected.wallMs - a.expected.wallMs);
  const short = all.filter((one) => !isLong(one));
  let taken = 0;
  const mixed = long.flatMap((one, index) => {
    const next = (index + 1) % longPerShort === 0 ? short[taken] : undefined;
    if (next === undefined) return [one];
    taken++;
    return [one, next];
  });
  return [...mixed, ...short.slice(taken)];
}
