// SPDX-License-Identifier: GPL-2.0-or-later
import type { ArtifactComparison } from '../campaign/compare-artifacts.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { HostReport } from './api/host.ts';
import type { CampaignFeeds } from './campaign-feeds.ts';
import type { CampaignFiles } from './campaign-files.ts';
import type { CampaignSource } from './campaign-source.ts';
import type { CampaignStarts } from './campaign-starts.ts';
import type { DashboardFile } from './dashboard-files.ts';
import type { DependencyReader } from './dependency-reader.ts';
import type { PackageSource } from './package-source.ts';

/** What a report is made from. */
export interface ReportParts {
  readonly campaigns: CampaignSource;
  readonly feeds: CampaignFeeds;
  readonly packages: PackageSource;
  readonly files: CampaignFiles;
  /** The built page's files by path: `/` is the page. */
  readonly dashboard: ReadonlyMap<string, DashboardFile>;
}

/** What the server is put together from. */
export interface ServerParts extends ReportParts {
  readonly readHost: () => Promise<Omit<HostReport, 'savings'>>;
  /** How the packages differ that a source's two builds gave. */
  readonly compareArtifacts: (
    campaigns: { readonly before: CampaignState; readonly after: CampaignState },
    before: TaskState,
    after: TaskState,
  ) => Promise<ArtifactComparison>;
  readonly dependencies: Pick<DependencyReader, 'read'>;
  readonly starts: Pick<CampaignStarts, 'start' | 'find'>;
  /** Tells a running campaign to stop; its whole id. Throws PasekaError campaign-not-running. */
  readonly cancel: (campaign: string, isNow: boolean) => string;
  readonly version: string;
  /** Aborts when the server ends: streams end then. */
  readonly signal: AbortSignal;
}
