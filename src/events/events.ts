// SPDX-License-Identifier: GPL-2.0-or-later
import type { DecidedBy, InstallCheckOutcome, Outcome, Phase } from './outcome.ts';

/** A task's number within its campaign, from 0 in the order asked for. */
export type TaskId = number & { readonly __brand: 'TaskId' };

export interface Artifact {
  /** Relative to the task's directory of results. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What happens in a campaign. The database, terminal, report and dashboard are all readers of this one stream. */
export type CampaignEvent =
  | {
      readonly type: 'campaign-started';
      readonly campaign: string;
      readonly snapshot: string;
      readonly suite: string;
      readonly architecture: string;
      readonly workers: number;
    }
  | { readonly type: 'preparing'; readonly what: string }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly type: 'task-added'; readonly task: TaskId; readonly source: string; readonly version: string }
  /** What it needs is now resolved and fetched, ahead of its worker. */
  | {
      readonly type: 'attempt-started';
      readonly task: TaskId;
      /** Counts from 1. */
      readonly attempt: number;
      /** The log's path relative to the campaign's directory. */
      readonly log: string;
    }
  /** Its build dependencies were found, or found unsatisfiable. */
  | { readonly type: 'dependencies-resolved'; readonly task: TaskId; readonly decidedBy: DecidedBy }
  /** What it needs is here: it waits for a worker. */
  | { readonly type: 'attempt-ready'; readonly task: TaskId }
  /** Workers count from 0. */
  | { readonly type: 'worker-assigned'; readonly task: TaskId; readonly worker: number }
  | { readonly type: 'phase-started'; readonly task: TaskId; readonly phase: Phase; readonly detail?: string }
  | {
      readonly type: 'install-check-ended';
      readonly task: TaskId;
      readonly package: string;
      readonly version: string;
      readonly outcome: InstallCheckOutcome;
      readonly warnings: readonly string[];
      readonly wallMs: number;
      /** Absent where its dependencies could not be decided. */
      readonly decidedBy?: DecidedBy;
    }
  | {
      readonly type: 'attempt-ended';
      readonly task: TaskId;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly usage: AttemptUsage;
      readonly artifacts: readonly Artifact[];
    }
  /** No further attempt follows; a task that was never started ends without any. */
  | { readonly type: 'task-ended'; readonly task: TaskId; readonly outcome: Outcome }
  | { readonly type: 'campaign-ended'; readonly cancelled: boolean };

/** What an attempt took. */
export interface AttemptUsage {
  /** From its start to its end without the time that it waited for a worker. */
  readonly wallMs: number;
  /** Unpacking and building alone, as the packaging system's own tools took. */
  readonly buildMs: number;
  /** Processor time of {@link buildMs}, and of everything that ran in a root. */
  readonly buildCpuMs: number;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  readonly upperBytes: number;
}

/** An event with its place in the stream: `seq` counts from 1 without gaps, `at` is milliseconds since the epoch. */
export type RecordedEvent = CampaignEvent & { readonly seq: number; readonly at: number };
