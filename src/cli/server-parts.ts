// SPDX-License-Identifier: GPL-2.0-or-later

import { cancelCampaign } from '../campaign/cancel-campaign.ts';
import { defaultSizeThreshold } from '../campaign/compare/compare-packages.ts';
import { compareArtifacts } from '../campaign/compare-artifacts.ts';
import { resultsDirectory } from '../campaign/results-directory.ts';
import { PackageHistory } from '../db/package-history.ts';
import { TaskHistory } from '../db/task-history.ts';
import { anyPackages, hostDistribution } from '../distro/distributions.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import { CampaignFeeds } from '../server/campaign-feeds.ts';
import { dashboardDirectory, readDashboard } from '../server/dashboard-files.ts';
import { DirectoryFiles } from '../server/directory-files.ts';
import { hostReader } from '../server/read-host.ts';
import type { ServerParts } from '../server/server-parts.ts';
import { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { Campaigns } from './campaign/open-campaigns.ts';
import { version } from './version.ts';

/** What the server and the report are put together from, on a state directory; its feeds are the caller's to dispose. */
export async function makeServerParts({
  database,
  state,
  store,
}: Campaigns): Promise<Omit<ServerParts, 'signal'>> {
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
    readHost: hostReader(state, { snapshots: new SnapshotStore(state, hostDistribution) }),
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
