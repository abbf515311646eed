// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignSnapshot } from '../campaign/campaign-context.ts';
import type { Distribution } from '../distro/distribution.ts';
import { distributionFor, distributionOf } from '../distro/distributions.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import type { SnapshotWish } from '../snapshot/snapshot.ts';
import { type OpenSnapshot, SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositoryOptions } from './options.ts';
import type { Output } from './output.ts';

export interface SnapshotTools {
  readonly state: StateDirectory;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** A snapshot in use, with the packaging system that it was made with. */
export interface SnapshotInUse extends CampaignSnapshot, AsyncDisposable {
  readonly distribution: Distribution;
}

/**
 * The snapshot that a verb works on: the named one, else the newest that was made of the wanted repositories, else
 * one made now. A repository that has moved on since does not change it: `snapshot create` takes a newer state.
 */
export async function openSnapshotFor(
  options: RepositoryOptions,
  tools: SnapshotTools,
): Promise<SnapshotInUse> {
  const opened = await openOrCreate(options, tools);
  const { snapshot, frozenDirectory } = opened;
  const distribution = distributionOf(snapshot.kind);
  return {
    distribution,
    snapshotId: snapshot.id,
    suite: snapshot.suite,
    architecture: snapshot.architecture,
    frozenDirectory,
    catalog: await distribution.openCatalog(frozenDirectory),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** What the options ask for: repositories, suite and architecture, host's defaults filled in. */
export async function snapshotWish(
  options: RepositoryOptions,
  distribution: Distribution,
): Promise<SnapshotWish> {
  const chosen = await distribution.findRepositories(options);
  return {
    ...chosen,
    kind: distribution.kind,
    architecture: options.arch ?? (await distribution.hostArchitecture()),
  };
}

async function openOrCreate(options: RepositoryOptions, tools: SnapshotTools): Promise<OpenSnapshot> {
  const { state, output, signal } = tools;
  const distribution = await distributionFor(options);
  const snapshots = new SnapshotStore(state, distribution);
  if (options.snapshot !== undefined) return snapshots.open(options.snapshot);
  const wish = await snapshotWish(options, distribution);
  const newest = await snapshots.findNewest(wish);
  if (newest !== undefined) return snapshots.open(newest.id);
  output.progress(`freezing ${wish.suite} (${wish.architecture})`);
  return snapshots.create(wish, { signal, onProgress: output.progress });
}
