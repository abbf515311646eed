// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { cachedMeasure } from './cached-measure.ts';

test('a fresh answer is given again, a slow one for longer', async () => {
  let clock = 0;
  let calls = 0;
  let takesMs = 5;
  const measure = cachedMeasure(
    () => {
      clock += takesMs;
      return Promise.resolve(++calls);
    },
    () => clock,
  );
  expect(await measure()).toBe(1);
  clock += 999;
  expect(await measure()).toBe(1);
  clock += 1;
  takesMs = 500;
  expect(await measure()).toBe(2);
  clock += 4999;
  expect(await measure()).toBe(2);
  clock += 1;
  expect(await measure()).toBe(3);
});

test('those who ask meanwhile share one count, and a failure is asked again', async () => {
  let clock = 0;
  const counts: PromiseWithResolvers<number>[] = [];
  const measure = cachedMeasure(
    () => {
      const count = Promise.withResolvers<number>();
      counts.push(count);
      return count.promise;
    },
    () => clock,
  );
  const both = Promise.allSettled([measure(), measure()]);
  clock += 60_000;
  const third = measure();
  expect(counts).toHaveLength(1);
  counts[0]?.reject(new Error('disk gone'));
  expect((await both).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  await expect(third).rejects.toThrow('disk gone');
  clock += 600_000;
  const again = measure();
  counts[1]?.resolve(7);
  expect(await again).toBe(7);
});
