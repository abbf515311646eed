// SPDX-License-Identifier: GPL-2.0-or-later
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { judgeCampaign, needsBaseline } from './compare/judge.ts';
import type { EventRecorder } from './event-recorder.ts';

export interface TrialRequest {
  /** Of the campaign with the change, which has been built; gets the verdicts. */
  readonly recorder: EventRecorder;
  /** By the number of the task. */
  readonly sources: readonly SourceInput[];
  /** Campaigns on the same snapshot without a change, the one to believe first. */
  readonly earlier: readonly CampaignState[];
  /** Builds these without the change, in a campaign of its own; its state when that has ended, undefined where it may not begin. */
  readonly buildWithout: (sources: readonly SourceInput[]) => Promise<CampaignState | undefined>;
}

/**
 * Says of every task of a trial what the change did to it. What failed is built without the change, unless an earlier
 * campaign has done that; the result of a source of the user's own is never taken from an earlier one, as it may have
 * changed without a new version.
 */
export async function judgeTrial(request: TrialRequest): Promise<void> {
  const { recorder, sources } = request;
  const { state } = recorder;
  const earlier = request.earlier.map((campaign) => usableOf(campaign, state, sources));
  const told = new Set(earlier.flatMap(({ tasks }) => [...tasks.values()].map(keyOf)));
  const open = [...state.tasks.values()].filter((task) => needsBaseline(task) && !told.has(keyOf(task)));
  const wanted = open.flatMap(({ task }) => sources[task] ?? []);
  const baseline = wanted.length === 0 ? undefined : await request.buildWithout(wanted);
  const known = baseline === undefined ? earlier : [baseline, ...earlier];
  for (const [task, verdict] of judgeCampaign(state, known)) {
    if (verdict !== 'not-compared') recorder.emit({ type: 'task-judged', task, verdict });
  }
}

function keyOf({ source, version }: TaskState): string {
  return `${source} ${version}`;
}

/**
 * An earlier campaign with those tasks alone that say something of ours: of the repository's sources, built with the
 * repository's packages, and install-checked where ours failed its install check.
 */
function usableOf(
  campaign: CampaignState,
  candidate: CampaignState,
  sources: readonly SourceInput[],
): CampaignState {
  const ours = new Map(
    [...candidate.tasks.values()]
      .filter(({ task }) => sources[task]?.kind === 'repository')
      .map((task) => [keyOf(task), task]),
  );
  const tasks = [...campaign.tasks].filter(([, task]) => {
    const own = ours.get(keyOf(task));
    if (own === undefined || !standsForUnchanged(task)) return false;
    const failedCheck = own.outcome?.kind === 'failed' && own.outcome.stage === 'install-check';
    return !failedCheck || task.outcome?.kind !== 'built' || task.installChecks.length > 0;
  });
  return { ...campaign, tasks: new Map(tasks) };
}

/**
 * Later levels of a staged campaign were built with what its earlier ones gave. What met a limit may have had a smaller one than
 * ours, and would hide a regression.
 */
function standsForUnchanged({ level, outcome }: TaskState): boolean {
  if ((level ?? 0) > 0) return false;
  return (
    outcome?.kind === 'built' || outcome?.kind === 'failed' || outcome?.kind === 'dependencies-unsatisfiable'
  );
}
