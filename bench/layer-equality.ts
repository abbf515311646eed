// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/layer-equality.ts [--suite S] [--state-dir DIR] [--differences N] [NAME...]
 *
 * Proves for real sets of every sort (all, or those whose names are given) that a layer is what apt alone installs: made at
 * once over the base, and made over a layer that has a part of it. Each set is installed by apt once and by linking twice. Prints a
 * line for each way, and the first N differences. Ends with status 1 where there is one. Needs root and the network; state
 * and packages stay for the next run.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CampaignContext } from '../src/campaign/campaign-context.ts';
import { chooseSources } from '../src/campaign/choose-sources.ts';
import { compareLayerWith, withPlainInstallation } from '../src/campaign/compare-layer.ts';
import { ensureLayer } from '../src/campaign/dependency-layer.ts';
import type { DependencyRequest } from '../src/campaign/install-set.ts';
import { resolveContext } from '../src/campaign/resolve-context.ts';
import { resolvePackageSet, resolveSourceSet } from '../src/campaign/resolve-set.ts';
import { makeOutput } from '../src/cli/output.ts';
import { openTaskRun } from '../src/cli/task-run.ts';
import { openWorkspace } from '../src/cli/workspace.ts';
import { LayerStore } from '../src/layers/layer-store.ts';
import { largeSets, type RealSet, realSets } from '../tests/support/real-sets.ts';

const sets: Readonly<Record<string, RealSet>> = { ...realSets, ...largeSets };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: 'bookworm' },
    'state-dir': { type: 'string', default: join(process.cwd(), '.bench-state') },
    differences: { type: 'string', default: '20' },
    verbose: { type: 'boolean', default: false },
  },
});
const common = {
  stateDir: values['state-dir'],
  json: false,
  quiet: !values.verbose,
  verbose: values.verbose,
};
const stop = new AbortController().signal;
await using workspace = await openWorkspace(common, makeOutput(common), 'shared');
const context = await workspace.openContext({ suite: values.suite }, stop);
await using run = await openTaskRun({ upper: 'auto' }, workspace, stop, values.verbose);
const base = await context.bases.ensure(context.snapshot, 'build', stop);
const how = { profiles: [], candidates: [], wantsReasons: false };
const directory = join(workspace.state.path, 'bench-layer-equality');

let unequal = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(sets)) {
  const set = sets[name];
  if (set === undefined) throw new Error(`no set has the name ${name}: ${Object.keys(sets).join(', ')}`);
  const whole = set.source === undefined ? await ofPackages(set.packages ?? []) : await ofSource(set.source);
  const part = await ofPackages(set.part);
  await withPlainInstallation(context, run, whole, async (plain) => {
    for (const way of ['at once', `over ${part.packages.length}`]) {
      const layers = emptyStore();
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
rmSync(directory, { recursive: true, force: true });
process.exitCode = unequal === 0 ? 0 : 1;

async function ofPackages(names: readonly string[]): Promise<DependencyRequest> {
  return requestFor(await resolvePackageSet(context, run, { names, local: [] }, how));
}

async function ofSource(name: string): Promise<DependencyRequest> {
  const [source] = await chooseSources([name], context.snapshot.catalog, context.distribution);
  if (source === undefined) throw new Error(`no source ${name}`);
  return requestFor(await resolveSourceSet(context, run, source, how));
}

function requestFor(set: Awaited<ReturnType<typeof resolvePackageSet>>): DependencyRequest {
  if (set.kind !== 'resolved') throw new Error(set.explanation);
  const { packages, removed } = set;
  return { base, resolveContext: resolveContext(context, base), packages, removed };
}

async function makeUnused(over: CampaignContext, request: DependencyRequest): Promise<void> {
  const end = await ensureLayer(over, run, request);
  if (end.kind !== 'layer') throw new Error(JSON.stringify(end));
  end.use[Symbol.dispose]();
}

function emptyStore(): LayerStore {
  rmSync(directory, { recursive: true, force: true });
  const { state, unsettled } = workspace;
  return new LayerStore({
    directory,
    scratchDirectory: state.tmp,
    lockDirectory: state.locks,
    unsettled,
    budgetBytes: Infinity,
    now: Date.now,
  });
}
