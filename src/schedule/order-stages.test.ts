// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderStages, type StageRequest } from './order-stages.ts';

const none: StageRequest['variants'] = new Map();

test('what needs nothing comes first, what needs it after that', () => {
  const { levels, cycles } = orderStages({ needs: [[1, 2], [2], [], []], base: [], variants: none });
  expect(levels).toEqual([[2, 3], [1], [0]]);
  expect(cycles).toEqual([]);
});

test('a cycle without variants is one level', () => {
  const { levels, cycles } = orderStages({ needs: [[1], [0, 2], [], [0]], base: [], variants: none });
  expect(levels).toEqual([[2], [0, 1], [3]]);
  expect(cycles).toEqual([[0, 1]]);
});

test('a cycle is opened by the least that opens it, and only there', () => {
  const stages = orderStages({
    needs: [[1], [0]],
    base: [],
    variants: new Map([
      [0, [{ needs: [1] }, { needs: [] }]],
      [1, [{ needs: [] }]],
    ]),
  });
  expect(stages).toEqual({ levels: [[1], [0]], cycles: [], chosen: new Map([[1, 0]]) });
});

test('what every build starts with is built before it is used, but after what it needs itself', () => {
  const { levels } = orderStages({ needs: [[1], [], []], base: [0], variants: none });
  expect(levels).toEqual([[1], [0], [2]]);
});

const graph = (most: number): fc.Arbitrary<number[][]> =>
  fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .array(fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { maxLength: 4 }), {
        minLength: count,
        maxLength: count,
      })
      .map((needs) => needs.map((own, one) => own.filter((target) => target !== one))),
  );

/** None, one or two variants of what one needs, each with less. */
const stepsDown = (own: number[]): fc.Arbitrary<number[][]> =>
  fc.subarray(own).chain((first) => fc.subarray(first).chain((second) => fc.subarray([first, second])));

const request: fc.Arbitrary<StageRequest> = graph(9).chain((needs) =>
  fc.record({
    needs: fc.constant(needs),
    base: fc.subarray([...needs.keys()]),
    variants: fc
      .tuple(...needs.map(stepsDown))
      .map((steps) => new Map(steps.map((own, one) => [one, own.map((kept) => ({ needs: kept }))]))),
  }),
);

/** What each needs in these stages. */
const needsIn = ({ needs, variants }: StageRequest, chosen: ReadonlyMap<number, number>): number[][] =>
  needs.map((own, one) => {
    const step = chosen.get(one);
    return Array.from(step === undefined ? own : (variants.get(one)?.[step]?.needs ?? []));
  });

const reachable = (needs: readonly (readonly number[])[], from: number): Set<number> => {
  const found = new Set(needs[from]);
  for (const one of found) for (const target of needs[one] ?? []) found.add(target);
  return found;
};

test('each is built once, after what it needs, and only what needs itself in turn is built with it', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { levels, cycles, chosen } = orderStages(asked);
      expect(levels.flat().sort((a, b) => a - b)).toEqual([...asked.needs.keys()]);
      const levelOf = new Map(levels.flatMap((members, level) => members.map((one) => [one, level])));
      const needs = needsIn(asked, chosen);
      const cycleOf = new Map(cycles.flatMap((members, cycle) => members.map((one) => [one, cycle])));
      for (const [one, own] of needs.entries()) {
        const reached = reachable(needs, one);
        expect(cycleOf.has(one), 'a member of a cycle needs itself').toBe(reached.has(one));
        for (const target of own) {
          const together = cycleOf.has(one) && cycleOf.get(one) === cycleOf.get(target);
          expect(levelOf.get(target)).toEqual(together ? levelOf.get(one) : expect.any(Number));
          if (!together) expect(levelOf.get(target)).toBeLessThan(levelOf.get(one) ?? 0);
        }
      }
      const underBase = new Set(asked.base.flatMap((one) => [one, ...reachable(needs, one)]));
      for (const one of needs.keys()) {
        if (underBase.has(one)) continue;
        for (const first of asked.base) expect(levelOf.get(first)).toBeLessThan(levelOf.get(one) ?? 0);
      }
    }),
  );
});

test('no variant is taken that opens nothing: each taken back alone closes a cycle anew or widens one', () => {
  const sizes = (needs: readonly (readonly number[])[]): number =>
    [...needs.keys()].reduce((sum, one) => {
      const reached = reachable(needs, one);
      const together = [...reached].filter((other) => reachable(needs, other).has(one));
      return sum + together.length;
    }, 0);
  fc.assert(
    fc.property(request, (asked) => {
      const { chosen } = orderStages(asked);
      const before = sizes(needsIn(asked, chosen));
      for (const one of chosen.keys()) {
        const less = new Map([...chosen].filter(([other]) => other !== one));
        expect(sizes(needsIn(asked, less))).toBeGreaterThan(before);
      }
    }),
  );
});

test('tens of thousands in a row, each needing the one before, take no recursion', () => {
  const needs = Array.from({ length: 30_000 }, (_, one) => (one === 0 ? [] : [one - 1]));
  expect(orderStages({ needs, base: [], variants: none }).levels).toHaveLength(30_000);
});
