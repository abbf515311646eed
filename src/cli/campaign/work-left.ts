// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignRequest } from '../../campaign/campaign-request.ts';
import { isChangeBuilt } from '../../campaign/changed-sources.ts';
import { needsBaseline } from '../../campaign/compare/judge.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import { isUncompared, isUntold } from '../../report/trial-text.ts';

/** Whether what failed in it is to be built without its change, which has to be there. */
export function isTrial(state: CampaignState, { trial }: CampaignRequest): boolean {
  return state.change !== undefined && trial.baseline && isChangeBuilt(state);
}

/** The user stopped it, or this host could not do its part: nothing is known of the package yet. */
export function isUnfinished({ outcome }: TaskState): boolean {
  return outcome?.kind === 'cancelled' || outcome?.kind === 'host-fault';
}

/** Whether a task has ended and is not to be done again. */
export function isDoneUnless(isReopened: (task: TaskState) => boolean): (task: TaskState) => boolean {
  return (task) => task.status === 'ended' && !isReopened(task);
}

/** Whether nothing is left to be done: neither a task, nor the judging of a change. */
export function isOver(
  state: CampaignState,
  request: CampaignRequest,
  isReopened: (task: TaskState) => boolean,
): boolean {
  const tasks = [...state.tasks.values()];
  if (state.endedAt === undefined || !tasks.every(isDoneUnless(isReopened))) return false;
  const isUnjudged = (task: TaskState): boolean =>
    isUncompared(task) || (isUntold(task) && needsBaseline(task));
  return !isTrial(state, request) || !tasks.some(isUnjudged);
}
