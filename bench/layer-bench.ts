// SPDX-License-Identifier: GPL-2.0-or-later
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignContext } from '../src/campaign/campaign-context.ts';
import { chooseSources } from '../src/campaign/choose-sources.ts';
import type { DependencyRequest } from '../src/campaign/install-set.ts';
import { resolveContext } from '../src/campaign/resolve-context.ts';
import { resolvePackageSet, resolveSourceSet } from '../src/campaign/resolve-set.ts';
import type { TaskRun } from '../src/campaign/with-task-root.ts';
import { makeOutput } from '../src/cli/output.ts';
import { openTaskRun } from '../src/cli/task-run.ts';
import { openWorkspace } from '../src/cli/workspace.ts';
import type { Base } from '../src/layers/base-store.ts';
import { LayerStore } from '../src/layers/layer-store.ts';

/** Options of all benchmarks of layers, for parseArgs. */
export const layerBenchOptions = {
  suite: { type: 'string', default: 'bookworm' },
  'state-dir': { type: 'string', default: join(process.cwd(), '.bench-state') },
  verbose: { type: 'boolean', default: false },
} as const;

export interface LayerBenchOptions {
  readonly suite: string;
  readonly 'state-dir': string;
  readonly verbose: boolean;
}

/** The program's own parts, with stores of layers besides its own, which go when this is disposed. */
export interface LayerBench extends AsyncDisposable {
  readonly context: CampaignContext;
  readonly run: TaskRun;
  readonly base: Base;
  readonly stop: AbortSignal;
  /** Throws where the set can't be had. */
  ofPackages(names: readonly string[]): Promise<DependencyRequest>;
  ofSource(name: string): Promise<DependencyRequest>;
  /**
   * A new one. What is in those before stays until the end: ext4 passes over inodes that were freed in the last minutes one by
   * one, which makes a directory take four times as long.
   */
  emptyStore(): LayerStore;
}

export async function openLayerBench(options: LayerBenchOptions): Promise<LayerBench> {
  const { suite, verbose } = options;
  await using stack = new AsyncDisposableStack();
  const common = { stateDir: options['state-dir'], json: false, quiet: !verbose, verbose };
  const stop = new AbortController().signal;
  const workspace = stack.use(await openWorkspace(common, makeOutput(common), 'shared'));
  const context = await workspace.openContext({ suite }, stop);
  const run = stack.use(await openTaskRun({ upper: 'auto' }, workspace, stop, verbose));
  const base = await context.bases.ensure(context.snapshot, 'build', stop);
  const how = { profiles: [], candidates: [], wantsReasons: false };
  const { state, unsettled } = workspace;
  const stores = join(state.path, 'bench-layers');
  stack.defer(() => rmSync(stores, { recursive: true, force: true }));
  let made = 0;
  const requestFor = (set: Awaited<ReturnType<typeof resolvePackageSet>>): DependencyRequest => {
    if (set.kind !== 'resolved') throw new Error(set.explanation);
    const { packages, removed } = set;
    return { base, resolveContext: resolveContext(context, base), packages, removed };
  };
  const undo = stack.move();
  return {
    ...{ context, run, base, stop },
    ofPackages: async (names) => requestFor(await resolvePackageSet(context, run, { names, local: [] }, how)),
    ofSource: async (name) => {
      const [source] = await chooseSources([name], context.snapshot.catalog, context.distribution);
      if (source === undefined) throw new Error(`no source ${name}`);
      return requestFor(await resolveSourceSet(context, run, source, how));
    },
    emptyStore: () =>
      new LayerStore({
        directory: join(stores, String(made++)),
        ...{ scratchDirectory: state.tmp, lockDirectory: state.locks, unsettled },
        budgetBytes: Number.POSITIVE_INFINITY,
        now: Date.now,
      }),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}
