// SPDX-License-Identifier: GPL-2.0-or-later

/** A line that a packaging system does not say as often of one root as of another. */
export interface DescriptionDifference {
  /** The line. */
  readonly path: string;
  readonly what: 'record';
  readonly left: string;
  readonly right: string;
}

/** Compares what is said of two roots; the order of the lines does not count. */
export function compareDescriptions(
  left: readonly string[],
  right: readonly string[],
): readonly DescriptionDifference[] {
  const [atLeft, atRight] = [countsOf(left), countsOf(right)];
  return [...new Set([...atLeft.keys(), ...atRight.keys()])].sort().flatMap((line) => {
    const [one, other] = [atLeft.get(line) ?? 0, atRight.get(line) ?? 0];
    return one === other ? [] : [{ path: line, what: 'record', left: said(one), right: said(other) }];
  });
}

function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function said(times: number): string {
  if (times === 0) return 'not said';
  return times === 1 ? 'said' : `said ${times} times`;
}
