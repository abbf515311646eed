// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from './campaign-state.ts';

/**
 * An ended task without what only its own page and reports show (attempts, phases, install checks, artifacts, what it was expected
 * to take): a campaign of 34,000 tasks needs none of that to go on. The fold goes on from it, but not by reopening it.
 */
export function lightTask(task: TaskState): TaskState {
  const { attempts: _, predicted: __, ...rest } = task;
  return { ...rest, attempts: [], phases: [], installChecks: [], artifacts: [] };
}

/** Whether {@link lightTask} has made it; or nothing of an attempt was ever told of it. */
export function isLight({ attempts, status }: TaskState): boolean {
  return status === 'ended' && attempts.length === 0;
}

/** A state with light tasks, these as another state of the same campaign has them. */
export function withWholeTasks(state: CampaignState, whole: Pick<CampaignState, 'tasks'>): CampaignState {
  const tasks = new Map(state.tasks);
  for (const [id, task] of tasks) {
    if (!isLight(task)) continue;
    const known = whole.tasks.get(id);
    if (known?.status !== 'ended') continue;
    tasks.set(id, task.verdict === undefined ? known : { ...known, verdict: task.verdict });
  }
  return { ...state, tasks };
}
