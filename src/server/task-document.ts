// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { PackageSource } from './package-source.ts';

const pastAttempts = 20;

/** What the API and the report say of a task (api/tasks.ts). */
export function taskDocument(
  { id, startedAt, architecture }: CampaignState,
  task: TaskState,
  packages: Pick<PackageSource, 'attemptsOf'>,
): object {
  const history = packages.attemptsOf(task.source, architecture, pastAttempts);
  return { campaign: id, startedAt, architecture, task, history };
}
