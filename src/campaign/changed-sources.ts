// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { decisiveLine } from '../events/decisive-line.ts';
import { isPassed } from '../events/outcome.ts';

type ChangedCampaign = Pick<CampaignState, 'change' | 'tasks'>;

/** How many of the first tasks are the change itself, which comes before all others. */
export function changedSources({ change }: Pick<CampaignState, 'change'>): number {
  return change?.sources?.length ?? 0;
}

/** Whether all of the change was built; without it there is nothing to judge. */
export function isChangeBuilt(state: ChangedCampaign): boolean {
  return changedTasks(state).every(({ outcome }) => outcome !== undefined && isPassed(outcome));
}

/** Why nothing is to be built any more: a source of the change has failed. Undefined as long as none has. */
export function whyChangeIsLost(state: ChangedCampaign): string | undefined {
  for (const { source, outcome } of changedTasks(state)) {
    if (outcome === undefined || isPassed(outcome) || outcome.kind === 'cancelled') continue;
    return `the changed source ${source} was not built: ${decisiveLine(outcome)}; nothing is built with it`;
  }
  return undefined;
}

function changedTasks(state: ChangedCampaign): TaskState[] {
  return [...state.tasks.values()].slice(0, changedSources(state));
}
