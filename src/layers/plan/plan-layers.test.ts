// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../../../tests/support/check-plan.ts';
import { InvariantError } from '../../base/invariant.ts';
import type { LayerCostModel } from './cost-model.ts';
import type { LayerPlanRequest } from './layer-plan.ts';
import { planLayers } from './plan-layers.ts';

const costModel: LayerCostModel = {
  layerMs: 100,
  layerBytes: 0,
  packageBytes: 0,
  writtenShare: 0,
  msPerMebibyte: 0,
};

/** Each number is a package that costs 10 ms; `needs` are its dependencies. */
function request(
  sets: Readonly<Record<string, readonly number[]>>,
  needs: Readonly<Record<number, readonly number[]>> = {},
): LayerPlanRequest<string> {
  const count = 1 + Math.max(0, ...Object.values(sets).flat());
  const packages = Array.from({ length: count }, (_, one) => ({
    installedBytes: 0,
    costMs: 10,
    dependencies: needs[one] ?? [],
  }));
  return { packages, tasks: Object.entries(sets).map(([id, set]) => ({ id, packages: set })), costModel };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

const randomRequest: fc.Arbitrary<LayerPlanRequest<string>> = fc
  .integer({ min: 1, max: 14 })
  .chain((count) => {
    const one = fc.nat(count - 1);
    const family = fc.array(fc.uniqueArray(one, { maxLength: count }), { minLength: 1, maxLength: 4 });
    const sets = family.chain((cores) =>
      fc.array(
        fc
          .tuple(fc.constantFrom(...cores), fc.array(one, { maxLength: 4 }))
          .map(([core, more]) => [...core, ...more]),
        { maxLength: 25 },
      ),
    );
    return fc.record({
      packages: fc.array(
        fc.record(
          {
            installedBytes: fc.nat(5_000_000),
            costMs: fc.nat(300),
            dependencies: fc.array(one, { maxLength: 2 }),
            atOnce: fc.constantFrom('users', 'words'),
          },
          { requiredKeys: ['installedBytes', 'costMs', 'dependencies'] },
        ),
        { minLength: count, maxLength: count },
      ),
      tasks: sets.map((all) => all.map((packages, index) => ({ id: `task${index}`, packages }))),
      cached: fc.array(fc.record({ packages: fc.uniqueArray(one), depth: fc.integer({ min: 1, max: 4 }) }), {
        maxLength: 4,
      }),
      maxDepth: fc.integer({ min: 1, max: 5 }),
      costModel: fc.record({
        layerMs: fc.nat(300),
        layerBytes: fc.nat(1_000_000),
        packageBytes: fc.nat(100_000),
        writtenShare: fc.constantFrom(0, 0.1),
        msPerMebibyte: fc.constantFrom(0, 1, 50),
      }),
    });
  });

test('every plan keeps its promises, and is made again from the same request', () => {
  fc.assert(
    fc.property(randomRequest, (wanted) => {
      const plan = planLayers(wanted);
      checkPlan(wanted, plan);
      expect(planLayers(wanted)).toEqual(plan);
    }),
    { numRuns: 500 },
  );
});

test('families share a layer each, over one that all share, and what is only theirs is their own', () => {
  const core = range(0, 30);
  const perl = range(30, 50);
  const desktop = range(50, 90);
  const sets: Record<string, number[]> = {};
  for (const index of range(0, 5)) sets[`perl${index}`] = [...core, ...perl, 100 + index];
  for (const index of range(0, 4)) sets[`desktop${index}`] = [...core, ...desktop, 110 + index];
  const wanted = request(sets);
  const plan = planLayers(wanted);
  checkPlan(wanted, plan);
  const sorted = plan.layers.map(({ parent, packages, tasks, depth }) => ({
    parent,
    packages: [...packages].sort((a, b) => a - b),
    tasks: [...tasks],
    depth,
  }));
  expect(sorted.slice(0, 3)).toEqual([
    { parent: null, packages: core, tasks: [], depth: 1 },
    { parent: 0, packages: perl, tasks: [], depth: 2 },
    { parent: 1, packages: [100], tasks: ['perl0'], depth: 3 },
  ]);
  expect(sorted[7]).toEqual({ parent: 0, packages: desktop, tasks: [], depth: 2 });
  expect(plan.costMs).toBe(12 * 100 + (30 + 20 + 40 + 9) * 10);
  expect(plan.unsharedCostMs).toBe(9 * 100 + 5 * 510 + 4 * 710);
});

test('families of families share on each level that depth allows', () => {
  const sets: Record<string, number[]> = {};
  for (const big of range(0, 2)) {
    for (const small of range(0, 3)) {
      for (const own of range(0, 4)) {
        const family = 30 + big * 100;
        const branch = family + 20 + small * 20;
        sets[`${big}${small}${own}`] = [
          ...range(0, 30),
          ...range(family, family + 20),
          ...range(branch, branch + 20),
          230 + big * 12 + small * 4 + own,
        ];
      }
    }
  }
  const costs = [3, 4].map((maxDepth) => {
    const wanted = { ...request(sets), maxDepth };
    const plan = planLayers(wanted);
    checkPlan(wanted, plan);
    return plan.costMs;
  });
  const leaves = 24 * 110;
  expect(costs).toEqual([
    2 * (100 + 50 * 10) + 6 * (100 + 20 * 10) + leaves,
    100 + 30 * 10 + 2 * (100 + 20 * 10) + 6 * (100 + 20 * 10) + leaves,
  ]);
});

test('one task that lacks a common package does not keep the others from sharing it', () => {
  const sets: Record<string, number[]> = { odd: range(1, 40) };
  for (const index of range(0, 20)) sets[`task${index}`] = [...range(0, 40), 50 + index];
  const plan = planLayers(request(sets));
  const first = plan.layers.find(({ tasks }) => tasks.includes('task0'));
  expect(first?.packages).toEqual([50]);
});

test('no layer is shared where that costs more than it saves', () => {
  const plan = planLayers(request({ a: [0, 1, 2], b: [0, 1, 3], c: [4] }));
  expect(plan.layers.map(({ parent, tasks }) => [parent, tasks])).toEqual([
    [null, ['a']],
    [null, ['b']],
    [null, ['c']],
  ]);
  expect(plan.costMs).toBe(plan.unsharedCostMs);
});

test('a set that is a part of others is itself the layer that they lie over', () => {
  const plan = planLayers(request({ part: range(0, 3), a: range(0, 4), b: [...range(0, 3), 5] }));
  expect(plan.layers.map(({ parent, packages, tasks }) => [parent, packages, tasks])).toEqual([
    [null, [0, 1, 2], ['part']],
    [0, [3], ['a']],
    [0, [5], ['b']],
  ]);
});

test('what a dependency is missing for is not shared before it', () => {
  // 0 needs 20 or 21, and each half of the tasks has another of them
  const sets: Record<string, number[]> = {};
  for (const index of range(0, 6)) sets[`a${index}`] = [...range(0, 20), 20, 30 + index];
  for (const index of range(0, 6)) sets[`b${index}`] = [...range(0, 20), 21, 40 + index];
  const wanted = request(sets, { 0: [20, 21] });
  const plan = planLayers(wanted);
  checkPlan(wanted, plan);
  expect([...(plan.layers[0]?.packages ?? [])].sort((a, b) => a - b)).toEqual(range(1, 20));
});

test('what depends on each other stays together', () => {
  const wanted = request(
    { a: [0, 1, 2, 3, 9], b: [0, 1, 2, 3, 8], c: [0, 3, 1, 2, 7] },
    { 3: [1], 1: [0, 2], 2: [1] },
  );
  const plan = planLayers({ ...wanted, costModel: { ...costModel, layerMs: 1 } });
  expect(plan.layers[0]?.packages).toEqual([0, 1, 2, 3]);
});

test('what has to be installed at once is shared where tasks have it alike, else not at all', () => {
  const core = range(0, 30);
  const users = range(30, 34);
  const sets: Record<string, number[]> = {};
  for (const index of range(0, 4)) sets[`alike${index}`] = [...core, ...users, 100 + index];
  sets['more'] = [...core, ...users, 50, 60];
  sets['fewer'] = [...core, 30, 61];
  const wanted = request(sets);
  const packages = wanted.packages.map((facts, one) =>
    one < 30 || one > 50 ? facts : { ...facts, atOnce: 'users' },
  );
  const plan = planLayers({ ...wanted, packages });
  checkPlan({ ...wanted, packages }, plan);
  const found = (task: string): number[][] => {
    const path: number[][] = [];
    let layer = plan.layers[plan.order.find((one) => one.task === task)?.layer ?? -1];
    for (; layer !== undefined; layer = plan.layers[layer.parent ?? -1])
      path.push([...layer.packages].sort((a, b) => a - b));
    return path;
  };
  expect(found('alike0')).toEqual([[100], users, core]);
  expect(found('more')).toEqual([[...users, 50, 60], core]);
  expect(found('fewer')).toEqual([[30, 61], core]);
});

test('a cached layer costs nothing: it is a parent, or a task’s own, as far as depth allows', () => {
  const wanted = request({ own: range(0, 5), over: range(0, 6), deep: range(10, 15) });
  const cached = [
    { packages: range(0, 5), depth: 2 },
    { packages: range(10, 14), depth: 3 },
  ];
  const plan = planLayers({ ...wanted, cached });
  expect(plan.layers.map(({ parent, cached: place, tasks, depth }) => [parent, place, tasks, depth])).toEqual(
    [
      [null, 0, ['own'], 2],
      [0, null, ['over'], 3],
      [null, null, ['deep'], 1],
    ],
  );
  expect(plan.costMs).toBe(110 + 150);
});

test('a task without packages needs no layer', () => {
  expect(planLayers(request({ nothing: [], some: [0] })).order).toEqual([
    { task: 'nothing', layer: null },
    { task: 'some', layer: 0 },
  ]);
  expect(planLayers(request({}))).toEqual({ layers: [], order: [], costMs: 0, unsharedCostMs: 0 });
});

test('a package that is not in the list is a bug of the caller', () => {
  expect(() => planLayers({ packages: [], tasks: [{ id: 'a', packages: [0] }] })).toThrow(InvariantError);
});
