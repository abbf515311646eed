// SPDX-License-Identifier: GPL-2.0-or-later
import type { PredictedUse, TaskId } from '../events/events.ts';

/** A task as the scheduler sees it: a number and what it is expected to take. */
export interface ScheduledTask {
  readonly id: TaskId;
  readonly expected: PredictedUse;
  /** It is not begun before all of lower levels have ended. */
  readonly level: number;
  /** Nothing may run beside it. */
  readonly alone: boolean;
  /** It is not begun before this time, milliseconds since the epoch; 0 where it needs not wait. */
  readonly notBefore: number;
}

/** What there is to share out; constant over a campaign. */
export interface Capacity {
  readonly workers: number;
  readonly cores: number;
  /** What all builds together may use, their uppers in tmpfs included. */
  readonly memoryBytes: number;
  /** Processes for each build; undefined: from the cores that are idle. */
  readonly parallel?: number;
  readonly upper: UpperPolicy;
  /** A task expected to take longer counts as long (long-from.ts). */
  readonly longMs: number;
}

/** Where uppers may go, and up to what expected size to tmpfs. */
export interface UpperPolicy {
  readonly place: 'tmpfs' | 'disk' | 'auto';
  readonly largestTmpfsBytes: number;
}

/** A task that begins now, and on what terms. */
export interface Admission {
  readonly task: TaskId;
  /** From 0. */
  readonly worker: number;
  readonly parallel: number;
  readonly alone: boolean;
  readonly upper: 'tmpfs' | 'disk';
}

/** What is told of a task that runs. */
export interface ObservedUse {
  readonly memoryBytes: number;
  readonly upperBytes: number;
}
