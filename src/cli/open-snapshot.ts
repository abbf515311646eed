// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignSnapshot } from '../campaign/campaign-context.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { SnapshotWish } from '../snapshot/snapshot.ts';
import type { OpenSnapshot, SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositoryOptions } from './options.ts';
import type { Output } from './output.ts';

export interface SnapshotTools {
  readonly snapshots: SnapshotStore;
  readonly distribution: Distribution;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * The snapshot that a verb works on: the named one, else the newest that was made of the wanted repositories, else
 * one made now. A repository that has moved on since does not change it: `snapshot create` takes a newer state.
 */
export async function openSnapshotFor(
  options: RepositoryOptions,
  tools: SnapshotTools,
): Promise<CampaignSnapshot & AsyncDisposable> {
  const { distribution } = tools;
  const opened = await openOrCreate(options, tools);
  const { snapshot, frozenDirectory } = opened;
  return {
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
  return { ...chosen, architecture: options.arch ?? (await distribution.hostArchitecture()) };
}

async function openOrCreate(options: RepositoryOptions, tools: SnapshotTools): Promise<OpenSnapshot> {
  const { snapshots, distribution, output, signal } = tools;
  if (options.snapshot !== undefined) return snapshots.open(options.snapshot);
  const wish = await snapshotWish(options, distribution);
  const newest = await snapshots.findNewest(wish);
  if (newest !== undefined) return snapshots.open(newest.id);
  output.progress(`freezing ${wish.suite} (${wish.architecture})`);
  return snapshots.create(wish, { signal, onProgress: output.progress });
}
