// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/layer-equality.ts [--suite S] [--state-dir DIR] [--differences N] [NAME...]
 *
 * Proves for real sets of every sort (all, or those whose names are given) that a layer is what apt alone installs: made at
 * once over the base, and made over a layer that has a part of it. Each set is installed by apt once and by linking twice. Prints a
 * line for each way, and the first N differences. Ends with status 1 where there is one. Needs root and the network; state
 * and packages stay for the next run.
 */
import { parseArgs } from 'node:util';
import type { CampaignContext } from '../src/campaign/campaign-context.ts';
import { compareLayerWith, withPlainInstallation } from '../src/campaign/compare-layer.ts';
import { ensureLayer } from '../src/campaign/dependency-layer.ts';
import type { DependencyRequest } from '../src/campaign/install-set.ts';
import { largeSets, type RealSet, realSets } from '../tests/support/real-sets.ts';
import { layerBenchOptions, openLayerBench } from './layer-bench.ts';

const sets: Readonly<Record<string, RealSet>> = { ...realSets, ...largeSets };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ...layerBenchOptions, differences: { type: 'string', default: '20' } },
});
await using bench = await openLayerBench(values);
const { context, run, base } = bench;

let unequal = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(sets)) {
  const set = sets[name];
  if (set === undefined) throw new Error(`no set has the name ${name}: ${Object.keys(sets).join(', ')}`);
  const whole = await (set.source === undefined
    ? bench.ofPackages(set.packages ?? [])
    : bench.ofSource(set.source));
  const part = await bench.ofPackages(set.part);
  await withPlainInstallation(context, run, whole, async (plain) => {
    for (const way of ['at once', `over ${part.packages.length}`]) {
      const layers = bench.emptyStore();
      const over: CampaignContext = { ...context, layers };
      if (way !== 'at once') await makeUnused(over, part);
      const { differences, made, paths } = await compareLayerWith(over, run, whole, plain);
      const isOverPart = (await layers.setsOver(base.id)).some(({ depth }) => depth > 1);
      const place = way === 'at once' || isOverPart ? way : `${way}, made over the base all the same`;
      const end = differences.length === 0 ? 'equal' : `${differences.length} differences`;
      console.log(`${name}: ${whole.packages.length} packages ${place}, ${made}, ${paths} paths: ${end}`);
      for (const { path, what, left, right } of differences.slice(0, Number(values.differences))) {
        console.log(`  ${path}: ${what}: in the layer ${left}, by apt ${right}`);
      }
      unequal += differences.length;
    }
  });
}
process.exitCode = unequal === 0 ? 0 : 1;

async function makeUnused(over: CampaignContext, request: DependencyRequest): Promise<void> {
  const end = await ensureLayer(over, run, request);
  if (end.kind !== 'layer') throw new Error(JSON.stringify(end));
  end.use[Symbol.dispose]();
}
