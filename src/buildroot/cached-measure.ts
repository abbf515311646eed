// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * `measure`, asked again only when its last answer is older than a second and than ten times what it took: so that
 * counting a large tree costs at most a tenth of one core however often somebody asks. Asked meanwhile, all get the
 * same answer. What is asked for `exact` is always counted anew.
 */
export function cachedMeasure<T>(
  measure: () => Promise<T>,
  now: () => number,
): (wanted?: 'recent' | 'exact') => Promise<T> {
  let answer: Promise<T> | undefined;
  let freshUntil = Number.POSITIVE_INFINITY;
  return (wanted) => {
    if (wanted === 'exact') return measure();
    if (answer !== undefined && now() < freshUntil) return answer;
    const started = now();
    freshUntil = Number.POSITIVE_INFINITY;
    answer = measure().finally(() => {
      const ended = now();
      freshUntil = ended + Math.max(1000, 10 * (ended - started));
    });
    return answer;
  };
}
