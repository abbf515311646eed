// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignFeeds } from './campaign-feeds.ts';
import type { CampaignFiles } from './campaign-files.ts';
import type { CampaignSource } from './campaign-source.ts';
import type { DashboardFile } from './dashboard-files.ts';
import type { PackageSource } from './package-source.ts';

/** What the server is put together from. */
export interface ServerParts {
  readonly campaigns: CampaignSource;
  readonly feeds: CampaignFeeds;
  readonly packages: PackageSource;
  readonly files: CampaignFiles;
  /** The built page's files by path: `/` is the page. */
  readonly dashboard: ReadonlyMap<string, DashboardFile>;
  readonly version: string;
  /** Aborts when the server ends: streams end then. */
  readonly signal: AbortSignal;
}
