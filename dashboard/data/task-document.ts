// SPDX-License-Identifier: GPL-2.0-or-later
import type { TaskState } from '../../src/events/campaign-state.ts';
import type { PastAttempt } from '../../src/events/past-attempt.ts';

/** What the API says of a task: its state by the fold, and what its source took in earlier campaigns, newest first. */
export interface TaskDocument {
  readonly campaign: string;
  readonly startedAt: number;
  readonly architecture: string;
  readonly task: TaskState;
  readonly history: readonly PastAttempt[];
}
