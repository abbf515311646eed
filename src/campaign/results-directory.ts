// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { resultName, resultNameOf } from './result-name.ts';

/** Where what a task gave is kept, below all campaigns' directory; what was taken over from another campaign is linked there too. */
export function resultsDirectory(
  campaigns: string,
  campaign: Pick<CampaignState, 'id'>,
  { attempts, source, version }: Pick<TaskState, 'attempts' | 'source' | 'version'>,
): string {
  const last = attempts.at(-1);
  const name = last === undefined ? resultName({ name: source, version }) : resultNameOf(last);
  return join(campaigns, campaign.id, 'results', name);
}
