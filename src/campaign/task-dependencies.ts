// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../base/invariant.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type CampaignRequest, reopenRequest, reopenSources } from './campaign-request.ts';
import { type ResolvedSet, resolveSourceSet } from './resolve-set.ts';
import { BuiltPackages } from './stage/built-packages.ts';
import { reopenBuilt } from './stage/reopen-built.ts';
import type { TaskRun } from './with-task-root.ts';

/** A campaign that is over or goes on elsewhere. */
export interface KeptCampaign {
  readonly state: CampaignState;
  readonly request: CampaignRequest;
  /** Logs and results are below it. */
  readonly directory: string;
}

/**
 * What was installed to build a task, and what asked for each of it: resolved again, which gives the same, for all that it depends
 * on is kept (the snapshot, the user's packages and sources, what earlier levels gave). Throws what {@link reopenRequest},
 * {@link reopenSources} and {@link resolveSourceSet} throw.
 */
export async function taskDependencies(
  context: CampaignContext,
  run: TaskRun,
  campaign: KeptCampaign,
  task: TaskState,
): Promise<ResolvedSet> {
  const { state, directory } = campaign;
  const request = await reopenRequest(context, campaign.request);
  const only = { ...state, tasks: new Map([[task.task, task]]) };
  const [source] = await reopenSources(context, only, request, directory);
  invariant(source !== undefined, 'a task has a source');
  const { options } = request;
  const built = new BuiltPackages(options.candidates);
  const { level: own = 0 } = task;
  const earlier = [...state.tasks].filter(([, { level = 0 }]) => level < own);
  await reopenBuilt(context, { tasks: new Map(earlier) }, directory, built);
  return await resolveSourceSet(context, run, source, {
    profiles: [...options.profiles, ...(options.profilesOf?.[task.task] ?? [])],
    candidates: built.before(own),
    wantsReasons: true,
  });
}
