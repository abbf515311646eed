// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/layers.ts [SOURCE] [--suite S] [--state-dir DIR] [--rounds N]
 *
 * How long it takes to make a layer of a source's build dependencies (default: solid, 254 packages), with the packages in
 * the store: by apt alone, by linking, by linking over a layer that has some 80 % of them, and to find one that is there.
 * In turns, in one run; prints medians in seconds. State and packages stay for the next run.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { withDependencies } from '../src/campaign/dependency-layer.ts';
import { type DependencyRequest, installSet } from '../src/campaign/install-set.ts';
import { fetchPackages } from '../src/campaign/prepare-attempt.ts';
import { withTaskRoot } from '../src/campaign/with-task-root.ts';
import type { LayerStore } from '../src/layers/layer-store.ts';
import { layerBenchOptions, openLayerBench } from './layer-bench.ts';
import { median } from './memory-now.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ...layerBenchOptions, rounds: { type: 'string', default: '3' } },
});
await using bench = await openLayerBench(values);
const { context, run, base, stop } = bench;

const times: Record<string, number[]> = {};
const name = positionals[0] ?? 'solid';
const whole = await bench.ofSource(name);
const part = await findPart();
await fetchPackages(context, whole.packages, stop);
await ensureUnpacked();
console.log(`${name}: ${whole.packages.length} packages; a part of them: ${part.packages.length}`);

for (let round = 0; round < Number(values.rounds); round++) {
  await time('apt', () =>
    withTaskRoot(context, run, [base.directory], (root) => installSet(context, root, whole)),
  );
  const first = emptyStore();
  await time('linked', () => make(first, whole));
  const store = emptyStore();
  await make(store, part);
  await time('linked over a part', () => make(store, whole));
  await time('cached', () => make(store, whole));
}
for (const [way, seconds] of Object.entries(times)) {
  console.log(`${way}: ${median(seconds).toFixed(3)} s`);
}

async function time(name: string, action: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await action();
  const seconds = (performance.now() - started) / 1000;
  (times[name] ??= []).push(seconds);
  console.log(`  ${name}: ${seconds.toFixed(3)} s`);
}

function emptyStore(): LayerStore {
  execFileSync('sync'); // writing what was made before is not what is measured
  return bench.emptyStore();
}

/** Makes the layer and a root over it. */
async function make(layers: LayerStore, wanted: DependencyRequest): Promise<void> {
  const end = await withDependencies({ ...context, layers }, run, wanted, () => Promise.resolve());
  if (end.kind !== 'ready') throw new Error(JSON.stringify(end));
}

async function ensureUnpacked(): Promise<void> {
  const packed = whole.packages.map(({ sha256 }) => ({ sha256, archive: context.pool.pathOf(sha256) }));
  await time('unpack (once)', () => context.unpacked.ensure(packed, 'usual', stop));
}

/** Some 80 % of the packages, closed under dependencies: what the first ones of them bring in. */
async function findPart(): Promise<DependencyRequest> {
  const all = new Set(whole.packages.map(({ sha256 }) => sha256));
  const names: string[] = [];
  let best: DependencyRequest = { ...whole, packages: [] };
  for (const { name: next } of whole.packages) {
    const found = await bench.ofPackages([...names, next]);
    if (found.packages.some(({ sha256 }) => !all.has(sha256))) continue;
    if (found.packages.length > 0.82 * whole.packages.length) continue;
    names.push(next);
    best = found;
    if (found.packages.length >= 0.8 * whole.packages.length) break;
  }
  return best;
}
