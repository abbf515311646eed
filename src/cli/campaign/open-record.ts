// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { isPasekaError } from '../../base/paseka-error.ts';
import type { CampaignRequest } from '../../campaign/campaign-request.ts';
import type { CampaignStore } from '../../db/campaign-store.ts';
import { PackageHistory } from '../../db/package-history.ts';
import type { Catalog } from '../../distro/catalog.ts';
import type { Distribution } from '../../distro/distribution.ts';
import { distributionOf, hostDistribution } from '../../distro/distributions.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import { outcomeText } from '../../events/outcome-text.ts';
import { writePieces, writeText } from '../../host/files.ts';
import { openLog } from '../../host/log/open-log.ts';
import type { StateDirectory } from '../../host/state-directory.ts';
import type { AttemptOrigin, CampaignRecord } from '../../report/campaign-record.ts';
import type { TreeEntry } from '../../report/tree-lists.ts';
import { SnapshotStore } from '../../snapshot/snapshot-store.ts';
import type { Pool } from '../../store/pool.ts';
import { Pools } from '../pools.ts';
import type { Campaigns } from './open-campaigns.ts';
import { readRequest } from './read-request.ts';

/** What a campaign has left on disk. */
export interface CampaignFiles {
  readonly directory: string;
  /** Where all campaigns have their directories. */
  readonly campaigns: string;
  readonly pool: Pool;
  readonly distribution: Distribution;
  /** Undefined where the snapshot is not here any more. */
  readonly catalog: Catalog | undefined;
  /** Sources of the user's. Throws PasekaError state-newer. */
  readonly localSources: () => CampaignRequest['local'];
  readonly writeLog: (entry: TreeEntry, path: string) => Promise<void>;
}

/** A campaign to report on; its snapshot stays until this is disposed. */
export interface OpenRecord extends AsyncDisposable {
  readonly record: CampaignRecord;
  readonly files: CampaignFiles;
}

/** Reads all that is known of a campaign. Throws PasekaError unknown-campaign. */
export async function openRecord(
  { state, database, store }: Campaigns,
  idOrPrefix: string,
): Promise<OpenRecord> {
  await using stack = new AsyncDisposableStack();
  const summary = store.find(idOrPrefix);
  const campaign = store.state(summary.id);
  const { suite, architecture } = summary;
  const { distribution, catalog } = await openSnapshotIfThere(state, summary.snapshot, stack);
  const maintainers = new Map<string, readonly string[]>();
  for (const source of catalog?.sources(architecture) ?? []) maintainers.set(source.name, source.maintainers);
  const record: CampaignRecord = {
    state: campaign,
    failing: new PackageHistory(database).failing(suite, architecture, summary.id),
    originOf: originFinder(campaign, store),
    isAfter: (other) => isAfter(store, campaign.id, other),
    maintainersOf: (source) => maintainers.get(source) ?? [],
  };
  const files: CampaignFiles = {
    directory: join(state.campaigns, summary.id),
    campaigns: state.campaigns,
    pool: await stack.use(new Pools(state)).of(distribution),
    distribution,
    catalog,
    localSources: () => readRequest(store, summary.id).local,
    writeLog: (entry, path) => writeLog(state, entry, path),
  };
  const undo = stack.move();
  return { record, files, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}

/** By the order of their beginnings, which the database keeps; the same campaign is not before itself. */
function isAfter(store: CampaignStore, id: string, other: string): boolean | undefined {
  const ids = store.list().map((one) => one.id);
  const place = ids.indexOf(other);
  return place < 0 ? undefined : ids.indexOf(id) <= place;
}

/** Of a snapshot that is not here any more nobody knows the packaging system: the host's own is taken. */
async function openSnapshotIfThere(
  state: StateDirectory,
  id: string,
  stack: AsyncDisposableStack,
): Promise<{ readonly distribution: Distribution; readonly catalog: Catalog | undefined }> {
  try {
    const opened = stack.use(await new SnapshotStore(state, hostDistribution).open(id));
    const distribution = distributionOf(opened.snapshot.kind);
    return { distribution, catalog: await distribution.openCatalog(opened.frozenDirectory) };
  } catch (error) {
    if (isPasekaError(error, 'unknown-snapshot'))
      return { distribution: hostDistribution, catalog: undefined };
    throw error;
  }
}

/** Follows results that were taken over to the campaign that has them, if that is still here. */
function originFinder(
  campaign: CampaignState,
  store: CampaignStore,
): (task: TaskState) => AttemptOrigin | undefined {
  const earlier = new Map<string, CampaignState | undefined>();
  const stateOf = (id: string): CampaignState | undefined => {
    if (!earlier.has(id)) {
      const isThere = store.list().some((one) => one.id === id);
      earlier.set(id, isThere ? store.state(id) : undefined);
    }
    return earlier.get(id);
  };
  const find = (state: CampaignState, task: TaskState): AttemptOrigin | undefined => {
    const attempt = task.attempts.at(-1);
    if (attempt !== undefined) return { campaign: state.id, task, attempt };
    if (task.reusedFrom === undefined || task.reusedFrom === state.id) return undefined;
    const before = stateOf(task.reusedFrom);
    const same = [...(before?.tasks.values() ?? [])].find(
      ({ source, version }) => source === task.source && version === task.version,
    );
    return before === undefined || same === undefined ? undefined : find(before, same);
  };
  return (task) => find(campaign, task);
}

/** A task without a log gets the reason why it has none. */
async function writeLog(state: StateDirectory, { task, origin }: TreeEntry, path: string): Promise<void> {
  const place = origin === undefined ? undefined : join(state.campaigns, origin.campaign, origin.attempt.log);
  await using log = place === undefined ? undefined : await openLog(place);
  if (log !== undefined) return await writePieces(path, log.pieces());
  const { words, reason } =
    task.outcome === undefined ? { words: '', reason: '' } : outcomeText(task.outcome);
  await writeText(path, `${words}\n${reason}\n`, 0o644);
}
