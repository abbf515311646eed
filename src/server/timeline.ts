// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, PhaseState, TaskState } from '../events/campaign-state.ts';
import { isPassed, type Phase } from '../events/outcome.ts';
import type { Timeline } from './api/campaigns.ts';

const phaseNames: readonly Phase[] = [
  'resolve',
  'fetch',
  'prepare',
  'install-dependencies',
  'unpack',
  'build',
  'collect',
  'install-check',
];

/** All attempts of a campaign that a worker ran and that are over, from when the worker took them. */
export function timelineOf(state: CampaignState): Timeline {
  const rows = [...state.tasks.values()].flatMap((task) =>
    task.attempts.flatMap(({ attempt, worker, assignedAt, endedAt, outcome }) =>
      worker === undefined || assignedAt === undefined || endedAt === undefined
        ? []
        : [
            {
              task: task.task,
              attempt,
              worker,
              started: assignedAt - state.startedAt,
              ended: endedAt - state.startedAt,
              passed: outcome !== undefined && isPassed(outcome),
              phases: phasesWithin(task, assignedAt, endedAt).flatMap((phase) => [
                phaseNames.indexOf(phase.phase),
                phase.startedAt - state.startedAt,
                (phase.endedAt ?? endedAt) - state.startedAt,
              ]),
            },
          ],
    ),
  );
  return {
    phaseNames,
    task: rows.map(({ task }) => task),
    attempt: rows.map(({ attempt }) => attempt),
    worker: rows.map(({ worker }) => worker),
    started: rows.map(({ started }) => started),
    ended: rows.map(({ ended }) => ended),
    passed: rows.map(({ passed }) => passed),
    phases: rows.map(({ phases }) => phases),
  };
}

/** The phases that a worker brought an attempt through. */
function phasesWithin(task: TaskState, from: number, to: number): PhaseState[] {
  return task.phases.filter(({ startedAt }) => startedAt >= from && startedAt <= to);
}
