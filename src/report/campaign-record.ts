// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailingSource } from '../db/package-history.ts';
import type { AttemptState, CampaignState, TaskState } from '../events/campaign-state.ts';

/** An attempt, and the campaign whose directory has its log and results. */
export interface AttemptOrigin {
  readonly campaign: string;
  readonly task: TaskState;
  readonly attempt: AttemptState;
}

/** All that reports of a campaign are made of. */
export interface CampaignRecord {
  readonly state: CampaignState;
  /** Sources that fail as of this campaign, over all campaigns up to it. */
  readonly failing: readonly FailingSource[];
  /** Where a task's result is from: an earlier campaign's attempt where that was taken over; undefined where it had none. */
  readonly originOf: (task: TaskState) => AttemptOrigin | undefined;
  /** Whether it was begun after another campaign, whatever the clock said; undefined where that one is not known here. */
  readonly isAfter: (campaign: string) => boolean | undefined;
  /** Each `Name <address>`; empty where the snapshot is gone or doesn't say. */
  readonly maintainersOf: (source: string) => readonly string[];
}

/** When the campaign was over, or began where it isn't. */
export function timeOf({ state }: CampaignRecord): number {
  return state.endedAt ?? state.startedAt;
}

/**
 * Since when a source has failed each time, in milliseconds since the epoch, this campaign included; `failed` are those that
 * failed here. Campaigns with a change of the user's are no part of a source's history, so of those the campaign itself speaks.
 */
export function failingSince(
  record: CampaignRecord,
  failed: readonly TaskState[],
): readonly Pick<FailingSource, 'source' | 'version' | 'since'>[] {
  const known = new Map(record.failing.map((one) => [one.source, one]));
  const here = failed.map(({ source, version }) => ({
    source,
    version,
    since: known.get(source)?.since ?? timeOf(record),
  }));
  const all = record.state.change === undefined ? [...record.failing, ...here] : here;
  const bySource = new Map(all.map((one) => [one.source, one]));
  return [...bySource.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
}
