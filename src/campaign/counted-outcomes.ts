// SPDX-License-Identifier: GPL-2.0-or-later
import type { AttemptState, TaskState } from '../events/campaign-state.ts';
import type { Outcome } from '../events/outcome.ts';

/**
 * The outcomes that decide whether a task is tried again: of the attempts since the user last asked for it, without faults of the
 * host that the first `before` attempts met; those were another process's, and somebody may have mended that since.
 */
export function countedOutcomes(
  task: Pick<TaskState, 'attempts' | 'reopenedAfter'> | undefined,
  before: number,
): Outcome[] {
  const { attempts = [], reopenedAfter = 0 } = task ?? {};
  const isCounted = ({ attempt, outcome }: AttemptState): boolean =>
    attempt > reopenedAfter && (attempt > before || outcome?.kind !== 'host-fault');
  return attempts.filter(isCounted).flatMap(({ outcome }) => outcome ?? []);
}
