// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/plan-layers.ts STATE-DIRECTORY [--depth N]...
 *
 * Plans the layers of a campaign over all sources of the snapshot in a state directory that has a build base for it
 * (`paseka run -- true` makes both). Prints, for each depth (default 1 to 4), the processor's time, the layers, what making them
 * costs by the default cost model and how much of it cannot be shared; then choosing parents and evictions among all
 * the layers of the last plan.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFrozenCatalog } from '../src/distro/deb/open-frozen-catalog.ts';
import { chooseEvictions } from '../src/layers/plan/choose-evictions.ts';
import { chooseParent, indexCachedLayers } from '../src/layers/plan/choose-parent.ts';
import { defaultCostModel, layerWeight } from '../src/layers/plan/cost-model.ts';
import type { LayerPlan } from '../src/layers/plan/layer-plan.ts';
import { planLayers } from '../src/layers/plan/plan-layers.ts';
import { archiveInstallSets } from '../tests/support/archive-install-sets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { depth: { type: 'string', multiple: true, default: ['1', '2', '3', '4'] } },
});
const stateDirectory = positionals[0] ?? '';
const msPerHour = 3_600_000;

const base = await findBuildBase();
const catalog = await openFrozenCatalog(join(stateDirectory, 'snapshots', base.snapshot, 'frozen'));
const status = await readFile(join(base.directory, 'root/var/lib/dpkg/status'), 'utf8');
const [sets, resolveCpuMs] = timed(() => archiveInstallSets(catalog, status, base.architecture));
console.log({
  sources: sets.tasks.length,
  packages: sets.packages.length,
  averageSet: sets.tasks.reduce((sum, { packages }) => sum + packages.length, 0) / sets.tasks.length,
  largestSet: Math.max(...sets.tasks.map(({ packages }) => packages.length)),
  resolveCpuMs,
});
let plan: LayerPlan<string> | undefined;
for (const depth of values.depth) {
  const [made, planCpuMs] = timed(() => planLayers({ ...sets, maxDepth: Number(depth) }));
  plan = made;
  const own = made.layers.filter(({ tasks }) => tasks.length > 0).length;
  console.log({
    depth: Number(depth),
    planCpuMs,
    layers: made.layers.length,
    distinctSets: own,
    onlyShared: made.layers.length - own,
    unsharedHours: made.unsharedCostMs / msPerHour,
    hours: made.costMs / msPerHour,
    hoursOfEmptyLayers: (own * layerWeight(defaultCostModel)) / msPerHour,
    packagesInstalled: made.layers.reduce((sum, { packages }) => sum + packages.length, 0),
    mostBytesNeededAtOnce: mostBytesNeeded(made),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  });
}
if (plan !== undefined) benchCache(plan);

/** Layers that were shared as the cache, all sets as questions; then half of all layers' bytes as the budget. */
function benchCache({ layers }: LayerPlan<string>): void {
  const contents = new Map<number, readonly number[]>();
  for (const { id, parent, packages } of layers) {
    contents.set(id, [...(contents.get(parent ?? -1) ?? []), ...packages]);
  }
  const cached = layers
    .filter(({ tasks }) => tasks.length === 0)
    .map(({ id, depth }) => ({ packages: contents.get(id) ?? [], depth }));
  const question = {
    costMs: (id: string | number) => sets.packages[Number(id)]?.costMs ?? 0,
    parentMs: 20,
    maxDepth: 4,
  };
  const [index, indexCpuMs] = timed(() => indexCachedLayers(cached, question));
  const [chosen, chooseCpuMs] = timed(
    () => sets.tasks.filter(({ packages }) => chooseParent(index, packages)).length,
  );
  console.log({ cached: cached.length, indexCpuMs, chosen, cpuMsPerChoice: chooseCpuMs / sets.tasks.length });
  const kept = layers.map(({ id, parent, diskBytes, firstNeeded }) => {
    return {
      id,
      parent,
      bytes: diskBytes,
      lastUsedMs: firstNeeded * 1000,
      costMs: 1000,
      needed: id % 100 === 0,
    };
  });
  const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const [evictions, evictCpuMs] = timed(() => chooseEvictions(kept, total / 2, layers.length * 1000));
  console.log({ kept: kept.length, total, evicted: evictions.evicted.length, evictCpuMs });
}

function mostBytesNeeded({ layers, order }: LayerPlan<string>): number {
  const change = new Float64Array(order.length + 1);
  for (const { diskBytes, firstNeeded, lastNeeded } of layers) {
    change[firstNeeded] = (change[firstNeeded] ?? 0) + diskBytes;
    change[lastNeeded + 1] = (change[lastNeeded + 1] ?? 0) - diskBytes;
  }
  let now = 0;
  return change.reduce((most, by) => {
    now += by;
    return Math.max(most, now);
  }, 0);
}

async function findBuildBase(): Promise<{ directory: string; snapshot: string; architecture: string }> {
  for (const name of await readdir(join(stateDirectory, 'bases'))) {
    const directory = join(stateDirectory, 'bases', name);
    const about = JSON.parse(await readFile(join(directory, 'base.json'), 'utf8')) as Record<string, string>;
    const { variant, snapshot, architecture } = about;
    if (variant === 'build' && snapshot && architecture) return { directory, snapshot, architecture };
  }
  throw new Error(`${stateDirectory} has no build base: make one with \`paseka run -- true\``);
}

/** With the time of the processor, which other programs change little. */
function timed<T>(work: () => T): [result: T, cpuMs: number] {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  return [result, (user + system) / 1000];
}
