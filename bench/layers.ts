// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/layers.ts [SOURCE] [--suite S] [--state-dir DIR] [--rounds N]
 *
 * How long it takes to make a layer of a source's build dependencies (default: solid, 254 packages), with the packages in
 * the store: by apt alone, by linking, by linking over a layer that has some 80 % of them, and to find one that is there.
 * In turns, in one run; prints medians in seconds. State and packages stay for the next run.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Sha256 } from '../src/base/digest.ts';
import type { CampaignContext } from '../src/campaign/campaign-context.ts';
import { chooseSources } from '../src/campaign/choose-sources.ts';
import { withDependencies } from '../src/campaign/dependency-layer.ts';
import { type DependencyRequest, installSet } from '../src/campaign/install-set.ts';
import { fetchPackages } from '../src/campaign/prepare-attempt.ts';
import { resolveContext } from '../src/campaign/resolve-context.ts';
import { resolvePackageSet, resolveSourceSet } from '../src/campaign/resolve-set.ts';
import { type TaskRun, withTaskRoot } from '../src/campaign/with-task-root.ts';
import { makeOutput } from '../src/cli/output.ts';
import { openTaskRun } from '../src/cli/task-run.ts';
import { openWorkspace } from '../src/cli/workspace.ts';
import type { ResolvedPackage } from '../src/distro/distribution.ts';
import { LayerStore } from '../src/layers/layer-store.ts';
import { median } from './memory-now.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: 'bookworm' },
    'state-dir': { type: 'string', default: join(process.cwd(), '.bench-state') },
    rounds: { type: 'string', default: '3' },
    verbose: { type: 'boolean', default: false },
  },
});
const common = {
  stateDir: values['state-dir'],
  json: false,
  quiet: !values.verbose,
  verbose: values.verbose,
};
const output = makeOutput(common);
const stop = new AbortController().signal;
await using workspace = await openWorkspace(common, output, 'shared');
const context = await workspace.openContext({ suite: values.suite }, stop);
await using run = await openTaskRun({ upper: 'auto' }, workspace, stop, values.verbose);

const times: Record<string, number[]> = {};
const [source] = await chooseSources(
  [positionals[0] ?? 'solid'],
  context.snapshot.catalog,
  context.distribution,
);
if (source === undefined) throw new Error('no such source');
const base = await context.bases.ensure(context.snapshot, 'build', stop);
const how = { profiles: [], candidates: [], wantsReasons: false };
const whole = await resolveSourceSet(context, run, source, how);
if (whole.kind !== 'resolved') throw new Error('unsatisfiable');
const request = requestFor(whole.packages);
const part = await findPart(whole.packages);
await fetchPackages(context, whole.packages, stop);
await ensureUnpacked();
console.log(`${source.name}: ${whole.packages.length} packages; a part of them: ${part.length}`);

const directory = join(workspace.state.path, 'bench-layers');
for (let round = 0; round < Number(values.rounds); round++) {
  await time('apt', () =>
    withTaskRoot(
      context,
      { ...run, options: { ...run.options, upper: { kind: 'disk' } } },
      [base.directory],
      (root) => installSet(context, root, request),
    ),
  );
  const first = emptyStore();
  await time('linked', () => make(first, request));
  const store = emptyStore();
  await make(store, requestFor(part));
  await time('linked over a part', () => make(store, request));
  await time('cached', () => make(store, request));
}
rmSync(directory, { recursive: true, force: true });
for (const [name, seconds] of Object.entries(times)) {
  console.log(`${name}: ${median(seconds).toFixed(3)} s`);
}

function requestFor(packages: readonly ResolvedPackage[]): DependencyRequest {
  return { base, resolveContext: resolveContext(context, base), packages, removed: [] };
}

async function time(name: string, action: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await action();
  const seconds = (performance.now() - started) / 1000;
  (times[name] ??= []).push(seconds);
  console.log(`  ${name}: ${seconds.toFixed(3)} s`);
}

function emptyStore(): LayerStore {
  rmSync(directory, { recursive: true, force: true });
  execFileSync('sync');
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

/** Makes the layer and a root over it. */
async function make(layers: LayerStore, wanted: DependencyRequest): Promise<void> {
  const end = await withDependencies(withLayers(layers), run, wanted, () => Promise.resolve());
  if (end.kind !== 'ready') throw new Error(JSON.stringify(end));
}

function withLayers(layers: LayerStore): CampaignContext {
  return { ...context, layers };
}

async function ensureUnpacked(): Promise<void> {
  const packed = request.packages.map(({ sha256 }) => ({ sha256, archive: context.pool.pathOf(sha256) }));
  await time('unpack (once)', () => context.unpacked.ensure(packed, stop));
}

/** Some 80 % of the packages, closed under dependencies: what the first ones of them bring in. */
async function findPart(packages: readonly ResolvedPackage[]): Promise<readonly ResolvedPackage[]> {
  const all = new Set<Sha256>(packages.map((chosen) => chosen.sha256));
  const names: string[] = [];
  let best: readonly ResolvedPackage[] = [];
  for (const { name } of packages) {
    const found = await resolvePackageSet(
      context,
      run as TaskRun,
      { names: [...names, name], local: [] },
      how,
    );
    if (found.kind !== 'resolved' || found.packages.some(({ sha256 }) => !all.has(sha256))) continue;
    if (found.packages.length > 0.82 * packages.length) continue;
    names.push(name);
    best = found.packages;
    if (best.length >= 0.8 * packages.length) break;
  }
  return best;
}
