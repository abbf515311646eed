// SPDX-License-Identifier: GPL-2.0-or-later
import { expect } from 'vitest';
import { defaultCostModel, layerWeight, packageWeight } from '../../src/layers/plan/cost-model.ts';
import type { LayerPlan, LayerPlanRequest, PlannedLayer } from '../../src/layers/plan/layer-plan.ts';
import { defaultMaxDepth } from '../../src/layers/plan/plan-layers.ts';

/** Fails where a plan breaks any of its promises. Task ids must differ. */
export function checkPlan(request: LayerPlanRequest<string>, plan: LayerPlan<string>): void {
  const sets = new Map(request.tasks.map(({ id, packages }) => [id, new Set(Array.from(packages))]));
  const contents = plan.layers.map((layer): ReadonlySet<number> => contentOf(plan, layer));
  const childCounts = new Uint32Array(plan.layers.length);
  for (const { parent } of plan.layers)
    if (parent !== null) childCounts[parent] = (childCounts[parent] ?? 0) + 1;
  expect(plan.order.map(({ task }) => task).sort()).toEqual([...sets.keys()].sort());
  checkTasks(plan, sets, contents);
  for (const layer of plan.layers) {
    checkPlace(request, plan, layer);
    checkOrder(request, layer);
  }
  checkClosed(request, plan, sets, contents);
  checkAtOnce(request, plan, contents);
  checkNeeded(plan);
  checkCost(request, plan, contents, childCounts);
}

function contentOf(plan: LayerPlan<string>, layer: PlannedLayer<string>): Set<number> {
  const content = new Set<number>();
  for (const one of pathOf(plan, layer)) {
    for (const added of one.packages) content.add(added);
  }
  const added = pathOf(plan, layer).reduce((sum, one) => sum + one.packages.length, 0);
  expect(content.size, 'each package is added once').toBe(added);
  return content;
}

/** From the layer down to the base. */
function pathOf(plan: LayerPlan<string>, layer: PlannedLayer<string>): PlannedLayer<string>[] {
  const path: PlannedLayer<string>[] = [];
  for (
    let at: PlannedLayer<string> | undefined = layer;
    at !== undefined;
    at = plan.layers[at.parent ?? -1]
  ) {
    path.push(at);
  }
  return path;
}

function checkTasks(
  plan: LayerPlan<string>,
  sets: ReadonlyMap<string, ReadonlySet<number>>,
  contents: readonly ReadonlySet<number>[],
): void {
  const layerOfSet = new Map<string, number>();
  for (const { task, layer } of plan.order) {
    const set = sets.get(task) ?? new Set();
    if (layer === null) {
      expect(set.size, `${task} has no layer`).toBe(0);
      continue;
    }
    expect(plan.layers[layer]?.tasks.includes(task)).toBe(true);
    const content = contents[layer] ?? new Set();
    expect(content.size === set.size && set.isSubsetOf(content), `${task} has its set`).toBe(true);
    const key = [...set].sort((a, b) => a - b).join(' ');
    expect(layerOfSet.get(key) ?? layer, 'equal sets share a layer').toBe(layer);
    layerOfSet.set(key, layer);
  }
  const tasks = plan.layers.reduce((sum, layer) => sum + layer.tasks.length, 0);
  expect(tasks).toBe(plan.order.filter(({ layer }) => layer !== null).length);
}

function checkPlace(
  request: LayerPlanRequest<string>,
  plan: LayerPlan<string>,
  layer: PlannedLayer<string>,
): void {
  expect(plan.layers[layer.id]).toBe(layer);
  const cached = request.cached?.[layer.cached ?? -1];
  if (cached === undefined) {
    expect(layer.cached).toBe(null);
    expect(layer.depth).toBe((plan.layers[layer.parent ?? -1]?.depth ?? 0) + 1);
    expect(layer.depth).toBeLessThanOrEqual(request.maxDepth ?? defaultMaxDepth);
    expect(layer.packages.length).toBeGreaterThan(0);
  } else {
    expect([layer.parent, layer.depth, layer.diskBytes]).toEqual([null, cached.depth, 0]);
    expect([...layer.packages].sort()).toEqual([...new Set(Array.from(cached.packages))].sort());
  }
  if (layer.parent !== null) expect(layer.parent).toBeLessThan(layer.id);
}

/** Dependencies first, but for those that depend on each other. */
function checkOrder(request: LayerPlanRequest<string>, layer: PlannedLayer<string>): void {
  const within = new Set(layer.packages);
  const dependenciesOf = (one: number): number[] =>
    Array.from(request.packages[one]?.dependencies ?? []).filter((other) => within.has(other));
  const seen = new Set<number>();
  for (const one of layer.packages) {
    seen.add(one);
    for (const other of dependenciesOf(one)) {
      if (seen.has(other)) continue;
      const reached = new Set([other]);
      for (const at of reached) for (const next of dependenciesOf(at)) reached.add(next);
      expect(reached.has(one), `${other} stands after ${one}, which needs it`).toBe(true);
    }
  }
}

function checkClosed(
  request: LayerPlanRequest<string>,
  plan: LayerPlan<string>,
  sets: ReadonlyMap<string, ReadonlySet<number>>,
  contents: readonly ReadonlySet<number>[],
): void {
  const missing = contents.map((content) => {
    const all = [...content].flatMap((one) => Array.from(request.packages[one]?.dependencies ?? []));
    return new Set(all.filter((one) => !content.has(one)));
  });
  for (const { task, layer } of plan.order) {
    for (const below of layer === null ? [] : pathOf(plan, plan.layers[layer] as PlannedLayer<string>)) {
      const open = missing[below.id]?.intersection(sets.get(task) ?? new Set()) ?? new Set();
      expect([...open], `${task} over layer ${below.id} finds its dependencies`).toEqual([]);
    }
  }
}

function checkAtOnce(
  request: LayerPlanRequest<string>,
  plan: LayerPlan<string>,
  contents: readonly ReadonlySet<number>[],
): void {
  const groupsOf = (packages: Iterable<number>): Set<string> =>
    new Set([...packages].flatMap((one) => request.packages[one]?.atOnce ?? []));
  for (const { id, parent, packages } of plan.layers) {
    const divided = groupsOf(packages).intersection(groupsOf(contents[parent ?? -1] ?? []));
    expect([...divided], `layer ${id} adds nothing that was to be installed before`).toEqual([]);
  }
}

function checkNeeded(plan: LayerPlan<string>): void {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [place, { layer }] of plan.order.entries()) {
    for (const one of layer === null ? [] : pathOf(plan, plan.layers[layer] as PlannedLayer<string>)) {
      first.set(one.id, first.get(one.id) ?? place);
      last.set(one.id, place);
    }
  }
  const needed = plan.layers.map((layer) => [layer.firstNeeded, layer.lastNeeded]);
  expect(needed).toEqual(plan.layers.map(({ id }) => [first.get(id), last.get(id)]));
  const starts = plan.layers.map(({ firstNeeded }) => firstNeeded);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  // one branch after the other: nothing but the path of the running task is needed before and after it
  const alive = new Int32Array(plan.order.length + 1);
  for (const { firstNeeded, lastNeeded } of plan.layers) {
    alive[firstNeeded] = (alive[firstNeeded] ?? 0) + 1;
    alive[lastNeeded + 1] = (alive[lastNeeded + 1] ?? 0) - 1;
  }
  let now = 0;
  for (const [place, { layer }] of plan.order.entries()) {
    now += alive[place] ?? 0;
    const path = layer === null ? [] : pathOf(plan, plan.layers[layer] as PlannedLayer<string>);
    expect(now).toBe(path.length);
  }
}

function checkCost(
  request: LayerPlanRequest<string>,
  plan: LayerPlan<string>,
  contents: readonly ReadonlySet<number>[],
  childCounts: Uint32Array,
): void {
  const model = request.costModel ?? defaultCostModel;
  const weigh = (packages: Iterable<number>): number =>
    [...packages].reduce((sum, one) => sum + packageWeight(model, request.packages[one] ?? noPackage), 0);
  let cost = 0;
  for (const { id, cached, packages, tasks } of plan.layers) {
    if (cached !== null) continue;
    const making = layerWeight(model) + weigh(packages);
    cost += making;
    const children = childCounts[id] ?? 0;
    if (tasks.length === 0)
      expect(children * weigh(packages), 'a shared layer saves').toBeGreaterThan(making);
  }
  expect(plan.costMs).toBeCloseTo(cost, 3);
  const distinct = plan.layers.filter(({ tasks }) => tasks.length > 0);
  const unshared = distinct.reduce((sum, { id }) => sum + layerWeight(model) + weigh(contents[id] ?? []), 0);
  expect(plan.unsharedCostMs).toBeCloseTo(unshared, 3);
  expect(plan.costMs).toBeLessThanOrEqual(plan.unsharedCostMs + 1e-6);
}

const noPackage = { installedBytes: 0, costMs: 0, dependencies: [] };
