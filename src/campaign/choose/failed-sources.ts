// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState } from '../../events/campaign-state.ts';

/** What a campaign and its sources are called, for choosing those that did not pass in it. */
export interface FailedSources {
  /** As the user named it. */
  readonly campaign: string;
  readonly names: ReadonlySet<string>;
}

/** Names of the sources that ended with anything but success; what was not begun, or cancelled, is none of them. */
export function failedSources(campaign: string, state: Pick<CampaignState, 'tasks'>): FailedSources {
  const names = new Set<string>();
  for (const { source, outcome } of state.tasks.values()) {
    if (outcome !== undefined && outcome.kind !== 'built' && outcome.kind !== 'cancelled') names.add(source);
  }
  return { campaign, names };
}
