// SPDX-License-Identifier: GPL-2.0-or-later

import { cancelCampaign } from '../campaign/cancel-campaign.ts';
import { defaultSizeThreshold } from '../campaign/compare/compare-packages.ts';
import { compareArtifacts } from '../campaign/compare-artifacts.ts';
import { resultsDirectory } from '../campaign/results-directory.ts';
import { PackageHistory } from '../db/package-history.ts';
import { TaskHistory } from '../db/task-history.ts';
import { anyPackages, hostDistribution } from '../distro/distributions.ts';
import type { ProcessIdentity } from '../host/process-table.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import { CampaignFeeds } from '../server/campaign-feeds.ts';
import { CampaignStarts } from '../server/campaign-starts.ts';
import { dashboardDirectory, readDashboard } from '../server/dashboard-files.ts';
import { DependencyReader } from '../server/dependency-reader.ts';
import { DirectoryFiles } from '../server/directory-files.ts';
import { hostReader } from '../server/read-host.ts';
import type { ReportParts, ServerParts } from '../server/server-parts.ts';
import { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { Campaigns } from './campaign/open-campaigns.ts';
import type { CommonOptions } from './options.ts';
import { programCall } from './program-call.ts';
import { version } from './version.ts';

type Kept = Omit<Campaigns, keyof Disposable>;

/** What a report is put together from, on a state directory; its feeds are the caller's to dispose. */
export async function makeReportParts({ database, state, store }: Kept): Promise<ReportParts> {
  const packages = new PackageHistory(database);
  const tasks = new TaskHistory(database);
  return {
    campaigns: store,
    feeds: new CampaignFeeds(store),
    packages: {
      outcomesOf: (source) => packages.outcomesOf(source),
      failing: (suite, architecture) => packages.failing(suite, architecture),
      attemptsOf: (source, architecture, limit) => tasks.attemptsOf(source, architecture, limit),
    },
    files: new DirectoryFiles(state.campaigns),
    dashboard: await readDashboard(dashboardDirectory),
  };
}

/** What the server is put together from; its feeds and starts are the caller's to dispose. */
export async function makeServerParts(
  kept: Kept,
  options: CommonOptions,
): Promise<Omit<ServerParts, 'signal'> & { readonly starts: CampaignStarts }> {
  const { state, store } = kept;
  const program = programCall(state, options);
  const isRunBy = ({ pid, startTime }: ProcessIdentity, campaign: string): boolean => {
    const runner = store.runner(campaign);
    return runner?.pid === pid && runner.startTime === startTime;
  };
  return {
    ...(await makeReportParts(kept)),
    readHost: hostReader(state, { snapshots: new SnapshotStore(state, hostDistribution) }),
    dependencies: new DependencyReader(program),
    starts: await CampaignStarts.open(
      state.tmp,
      program,
      (
        process, // A process has a campaign that it goes on with before it knows that it can.
      ) =>
        store
          .list()
          .find(
            ({ id, status, endedAt }) =>
              status === 'running' && endedAt === undefined && isRunBy(process, id),
          )?.id,
    ),
    compareArtifacts: async (campaigns, before, after) => {
      await using scratch = await makeScratchDirectory(state.tmp, 'compare');
      return await compareArtifacts(anyPackages, {
        before,
        after,
        directoryOf: (side) =>
          side === 'before'
            ? resultsDirectory(state.campaigns, campaigns.before, before)
            : resultsDirectory(state.campaigns, campaigns.after, after),
        scratchDirectory: scratch.path,
        threshold: defaultSizeThreshold,
      });
    },
    cancel: (campaign, isNow) => cancelCampaign(store, campaign, isNow).id,
    version,
  };
}
