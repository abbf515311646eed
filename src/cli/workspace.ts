// SPDX-License-Identifier: GPL-2.0-or-later

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PasekaError } from '../base/paseka-error.ts';
import type { BuildrootFactory } from '../buildroot/buildroot.ts';
import { createBuildrootFactory, findCloneMethod } from '../buildroot/buildroot-factory.ts';
import type { CloneChoice } from '../buildroot/clone-method.ts';
import { openRunDirectory, type RunDirectory } from '../buildroot/run-directory.ts';
import { sweepRuns } from '../buildroot/sweep.ts';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { CheckResults } from '../campaign/check-results.ts';
import { withPlainRoot } from '../campaign/with-plain-root.ts';
import type { Distribution } from '../distro/distribution.ts';
import { hostDistribution } from '../distro/distributions.ts';
import { openResourceGroups } from '../host/cgroup.ts';
import { availableParallelism } from '../host/cores.ts';
import { tryLock } from '../host/file-lock.ts';
import { fileSystemSpace } from '../host/file-system.ts';
import { enterPrivateNamespace, type PrivateNamespace } from '../host/private-namespace.ts';
import type { ResourceGroups } from '../host/resource-group.ts';
import { sweepScratchDirectories } from '../host/scratch-directory.ts';
import { openStateDirectory, type StateDirectory, stateDirectoryPath } from '../host/state-directory.ts';
import { steadyClock } from '../host/steady-clock.ts';
import { currentBootId, Unsettled } from '../host/unsettled.ts';
import { BaseStore } from '../layers/base-store.ts';
import { readLayers } from '../layers/layer-description.ts';
import { LayerStore } from '../layers/layer-store.ts';
import { UnpackedStore } from '../layers/unpacked-store.ts';
import { openBubblewrap } from '../sandbox/bubblewrap.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { CheckedSignatures } from '../store/checked-signatures.ts';
import type { Pool } from '../store/pool.ts';
import { openSnapshotFor } from './open-snapshot.ts';
import type { CommonOptions, RepositoryOptions } from './options.ts';
import type { Output } from './output.ts';
import { Pools } from './pools.ts';

/** Everything that a verb which uses roots needs, open until it is disposed. */
export interface Workspace extends AsyncDisposable {
  readonly state: StateDirectory;
  readonly unsettled: Unsettled;
  readonly run: RunDirectory;
  readonly groups: ResourceGroups;
  readonly clone: CloneChoice;
  readonly buildroots: BuildrootFactory;
  readonly sandbox: Sandbox;
  readonly snapshots: SnapshotStore;
  readonly pool: Pool;
  readonly unpacked: UnpackedStore;
  /** From now on progress of what is prepared is told to `reader` instead of the terminal. */
  onProgress(reader: (what: string) => void): void;
  /** Opens or makes the snapshot and puts together what tasks share. */
  openContext(options: RepositoryOptions, signal: AbortSignal): Promise<CampaignContext>;
}

/**
 * `campaign`: at most one process at a time runs a campaign on a state directory. `shared`: any number beside it. Both
 * keep garbage collection away, which is `exclusive`.
 */
export type WorkspaceUse = 'campaign' | 'shared' | 'exclusive';

/**
 * Enters the private namespace (replacing this process once), opens the state directory, sweeps what killed processes
 * left, and puts the object graph together.
 */
export async function openWorkspace(
  options: CommonOptions,
  output: Output,
  use: WorkspaceUse,
): Promise<Workspace> {
  const namespace = await enterPrivateNamespace();
  const state = await openState(options, namespace);
  await using stack = new AsyncDisposableStack();
  await takeLocks(state, use, stack);
  await sweep(state, output);
  const unsettled = await openUnsettled(state, output, stack);
  const run = stack.use(await openRunDirectory(state.path));
  const groups = stack.use(openResourceGroups());
  await groups.sweep();
  const clone = await findCloneMethod(state.path);
  if (clone.note !== null) output.warning(clone.note);
  const pools = stack.use(new Pools(state));
  const sandbox = openBubblewrap(groups);
  const buildroots = createBuildrootFactory(run, clone);
  const snapshots = new SnapshotStore(state, hostDistribution);
  const signatures = new CheckedSignatures(state.signed);
  let progress = output.progress;
  const basesOf = (distribution: Distribution, pool: Pool): BaseStore =>
    new BaseStore({
      directory: state.bases,
      scratchDirectory: state.tmp,
      lockDirectory: state.locks,
      unsettled,
      distribution,
      pool,
      signatures,
      canWriteUnsynced: clone.diskUpper && clone.diskKeepsCapabilities,
      withRoot: (directory, useRoot, signal) =>
        withPlainRoot(
          { buildroots, sandbox, onOutput: echo, ...(signal === undefined ? {} : { signal }) },
          directory,
          useRoot,
        ),
      onProgress: (what) => progress(what),
      onOutput: (text) => echo(Buffer.from(text)),
    });
  const layers = canLayer(clone)
    ? new LayerStore({
        directory: state.layers,
        scratchDirectory: state.tmp,
        lockDirectory: state.locks,
        unsettled,
        budgetBytes: await layerBudgetBytes(state),
        now: steadyClock(),
      })
    : undefined;
  const unpackedOf = (distribution: Distribution): UnpackedStore =>
    new UnpackedStore({
      directory: state.unpacked,
      scratchDirectory: state.tmp,
      unsettled,
      unpack: (...request) => distribution.unpackPackage(...request),
      concurrency: availableParallelism(),
    });
  function echo(chunk: Uint8Array): void {
    if (output.verbosity === 'verbose') process.stderr.write(chunk);
  }
  const undo = stack.move();
  return {
    state,
    unsettled,
    run,
    groups,
    clone,
    buildroots,
    sandbox,
    snapshots,
    pool: await pools.of(hostDistribution),
    unpacked: unpackedOf(hostDistribution),
    onProgress: (reader) => {
      progress = reader;
    },
    openContext: async (repository, signal) => {
      const snapshot = undo.use(await openSnapshotFor(repository, { state, output, signal }));
      const { distribution } = snapshot;
      const pool = await pools.of(distribution);
      return {
        distribution,
        snapshot,
        bases: basesOf(distribution, pool),
        layers,
        unpacked: unpackedOf(distribution),
        checkResults: new CheckResults(state.checks),
        signatures,
        pool,
        buildroots,
        sandbox,
        scratchDirectory: run.path,
        now: steadyClock(),
        // Node's longest timer: a longer one would be over at once
        wait: (ms, abort) =>
          delay(Math.min(ms, 2 ** 31 - 1), undefined, { signal: abort }).catch(() => undefined),
      };
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

/** Forgets what a power failure may have left incomplete; in the end, what was made now is brought to disk. */
export async function openUnsettled(
  state: StateDirectory,
  output: Output,
  stack: AsyncDisposableStack,
): Promise<Unsettled> {
  const unsettled = new Unsettled({
    directory: state.unsettled,
    root: state.path,
    lockDirectory: state.locks,
    scratchDirectory: state.tmp,
    bootId: currentBootId(),
  });
  const discarded = await unsettled.discard();
  if (discarded.length > 0) {
    output.warning(
      `the machine stopped before ${discarded.length} things were on disk: they are made again when they are needed`,
    );
  }
  stack.defer(() => unsettled.settle());
  return unsettled;
}

/** A layer is an upper that became a lower: it takes an overlay whose upper is on the state directory's disk. */
function canLayer(clone: CloneChoice): boolean {
  return clone.method === 'overlay' && clone.diskUpper;
}

/** What layers may take: a quarter of what is free on the disk or taken by them, at most 20 GB. */
async function layerBudgetBytes(state: StateDirectory): Promise<number> {
  const { freeBytes } = await fileSystemSpace(state.path);
  const layers = await readLayers(state.layers);
  const takenBytes = layers.values().reduce((sum, layer) => sum + layer.bytes, 0);
  return Math.min(20 * 1024 ** 3, Math.floor((freeBytes + takenBytes) / 4));
}

/** Opens the state directory of the user who started the program. */
export function openState(options: CommonOptions, namespace: PrivateNamespace): Promise<StateDirectory> {
  return openStateDirectory(
    stateDirectoryPath({
      ...(options.stateDir === undefined ? {} : { option: options.stateDir }),
      environment: process.env,
      isSystemRoot: namespace.invoker.uid === 0,
      homeDirectory: namespace.invoker.home,
    }),
  );
}

/** Takes the locks of a use of the state directory into `stack`. Throws PasekaError state-busy. */
export async function takeLocks(
  state: StateDirectory,
  use: WorkspaceUse,
  stack: AsyncDisposableStack,
): Promise<void> {
  const inUse = await tryLock(join(state.locks, 'use'), use === 'exclusive' ? 'exclusive' : 'shared');
  if (inUse === undefined) throw busy(state, use === 'exclusive' ? 'in use' : 'being cleaned up');
  stack.use(inUse);
  if (use !== 'campaign') return;
  const campaign = await tryLock(join(state.locks, 'campaign'), 'exclusive');
  if (campaign === undefined) throw busy(state, 'running a campaign');
  stack.use(campaign);
}

function busy(state: StateDirectory, doing: string): PasekaError {
  return new PasekaError(
    'state-busy',
    `another paseka is ${doing} in ${state.path}`,
    'wait for it to end, or use another --state-dir',
  );
}

async function sweep(state: StateDirectory, output: Output): Promise<void> {
  const { failed } = await sweepRuns(state.path);
  for (const { path, reason } of failed) output.warning(`${path} could not be removed: ${reason}`);
  await sweepScratchDirectories(state.tmp);
}
