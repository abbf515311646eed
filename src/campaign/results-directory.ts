// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { resultName } from './attempt.ts';

/** Where what a task gave is kept, below all campaigns' directory; what was taken over from another campaign is linked there too. */
export function resultsDirectory(
  campaigns: string,
  campaign: Pick<CampaignState, 'id'>,
  task: TaskState,
): string {
  const { source, version } = task;
  return join(campaigns, campaign.id, 'results', resultName({ name: source, version }));
}
