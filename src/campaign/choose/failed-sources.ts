// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState } from '../../events/campaign-state.ts';

/** What a campaign and its sources are called, for choosing those that did not pass in it. */
export interface FailedSources {
  /** As the user named it. */
  readonly campaign: string;
  readonly names: ReadonlySet<string>;
}

/** Names of the sources that ended with anything but success; what was not begun, cancelled or not for here is none of them. */
export function failedSources(campaign: string, state: Pick<CampaignState, 'tasks'>): FailedSources {
  const names = new Set<string>();
  for (const { source, outcome } of state.tasks.values()) {
    const kind = outcome?.kind ?? 'cancelled';
    if (kind !== 'built' && kind !== 'cancelled' && kind !== 'not-for-architecture') names.add(source);
  }
  return { campaign, names };
}
