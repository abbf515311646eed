// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DependencyOrder } from './dependencies-first.ts';

const graph = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    needs: fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), {
      minLength: count,
      maxLength: count,
    }),
    members: fc.array(fc.uniqueArray(fc.nat(count - 1)), { minLength: 2, maxLength: 2 }),
  }),
);

/** Everything that `from` reaches by one or more steps inside of `within`. */
function reached(
  needs: readonly (readonly number[])[],
  within: readonly number[],
  from: number,
): Set<number> {
  const found = new Set<number>();
  const next = [from];
  for (const at of next) {
    for (const other of needs[at] ?? []) {
      if (!within.includes(other) || found.has(other)) continue;
      found.add(other);
      next.push(other);
    }
  }
  return found;
}

test('dependencies come first, and what depends on each other stands together', () => {
  fc.assert(
    fc.property(graph, ({ needs, members: both }) => {
      const starts = new Uint32Array(needs.length + 1);
      for (const [index, targets] of needs.entries())
        starts[index + 1] = (starts[index] ?? 0) + targets.length;
      const order = new DependencyOrder({ starts, targets: Uint32Array.from(needs.flat()) });
      for (const members of both) {
        const sorted = order.sort(members);
        expect([...sorted].sort((a, b) => a - b)).toEqual([...members].sort((a, b) => a - b));
        const reach = new Map(members.map((one) => [one, reached(needs, members, one)]));
        for (const [place, one] of sorted.entries()) {
          for (const [later, other] of sorted.entries()) {
            if (later <= place || !reach.get(one)?.has(other)) continue;
            // it needs one that comes later, so they need each other, and all between are of the same group
            for (const between of sorted.slice(place, later + 1)) {
              expect(reach.get(one)?.has(between) && reach.get(between)?.has(one)).toBe(true);
            }
          }
          const group = sorted.flatMap((other, at) =>
            other === one || (reach.get(one)?.has(other) && reach.get(other)?.has(one)) ? [at] : [],
          );
          expect(Math.max(...group) - Math.min(...group)).toBe(group.length - 1);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('what nothing says anything about keeps its order, and a long chain is no problem', () => {
  const count = 100_000;
  const starts = Uint32Array.from({ length: count + 1 }, (_, index) => Math.min(index, count - 1));
  const targets = Uint32Array.from({ length: count - 1 }, (_, index) => index + 1);
  const order = new DependencyOrder({ starts, targets });
  expect(order.sort([7, 3, 5, 1])).toEqual([7, 3, 5, 1]);
  expect(order.sort([3, 4, 9, 8])).toEqual([4, 3, 9, 8]);
  const all = Array.from({ length: count }, (_, index) => index);
  expect(order.sort(all)).toEqual(all.toReversed());
});
