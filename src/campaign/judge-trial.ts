// SPDX-License-Identifier: GPL-2.0-or-later
import type { EarlierTry } from '../db/earlier-tries.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { TaskId } from '../events/events.ts';
import { judgeTask, needsBaseline, saysSomething, type Tried } from './compare/judge.ts';
import type { EventRecorder } from './event-recorder.ts';

export interface TrialRequest {
  /** The campaign with the change, which has been built. */
  readonly candidate: CampaignState;
  /** Its recorder, which is told the verdicts. */
  readonly recorder: Pick<EventRecorder, 'emit'>;
  /** By the number of the task. */
  readonly sources: readonly SourceInput[];
  /** What campaigns on the same snapshot without a change say of its tasks, the one to believe first. */
  readonly earlier: ReadonlyMap<TaskId, readonly EarlierTry[]>;
  /** Builds these without the change, in a campaign of its own; its state when that has ended, undefined where it may not begin. */
  readonly buildWithout: (sources: readonly SourceInput[]) => Promise<CampaignState | undefined>;
}

/**
 * Says of every task of a trial what the change did to it. What failed is built without the change, unless an earlier
 * campaign has done that; the result of a source of the user's own is never taken from an earlier one, as it may have
 * changed without a new version.
 */
export async function judgeTrial(request: TrialRequest): Promise<void> {
  const { candidate, earlier, recorder, sources } = request;
  const tasks = [...candidate.tasks.values()];
  const told = new Map<TaskId, Tried>();
  for (const task of tasks) {
    if (sources[task.task]?.kind !== 'repository') continue;
    const first = earlier.get(task.task)?.find((one) => standsFor(one, task));
    if (first !== undefined) told.set(task.task, first);
  }
  const open = tasks.filter((task) => needsBaseline(task) && !told.has(task.task));
  const wanted = open.flatMap(({ task }) => sources[task] ?? []);
  const baseline = wanted.length === 0 ? undefined : await request.buildWithout(wanted);
  const built = new Map([...(baseline?.tasks.values() ?? [])].map((task) => [keyOf(task), task]));
  for (const task of tasks) {
    const known = [built.get(keyOf(task)), told.get(task.task)].filter((one) => one !== undefined);
    const verdict = judgeTask(task, known.find(saysSomething) ?? known[0]);
    if (verdict !== 'not-compared') recorder.emit({ type: 'task-judged', task: task.task, verdict });
  }
}

function keyOf({ source, version }: TaskState): string {
  return `${source} ${version}`;
}

/** Where ours failed its install check, a build alone says nothing of that. */
function standsFor({ isChecked, outcome }: EarlierTry, { outcome: own }: TaskState): boolean {
  const failedCheck = own?.kind === 'failed' && own.stage === 'install-check';
  return !failedCheck || outcome.kind !== 'built' || isChecked;
}
