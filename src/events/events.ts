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
      /** What is tried out; absent where the snapshot alone is rebuilt. */
      readonly change?: ChangeUnderTest;
      /** The campaign whose failures this one builds again without its change. */
      readonly baselineOf?: string;
      /** What builds may use at once; absent where it is not limited. */
      readonly memoryBudgetBytes?: number;
    }
  /** The program was stopped and has begun again: what was not ended is as if it had not been started. */
  | { readonly type: 'campaign-resumed'; readonly workers: number }
  | { readonly type: 'preparing'; readonly what: string }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | {
      readonly type: 'task-added';
      readonly task: TaskId;
      readonly source: string;
      readonly version: string;
      /** In a staged rebuild: from 0; a level begins when those before it are over. */
      readonly level?: number;
      readonly predicted?: PredictedUse;
    }
  /** Nothing that could change its result is different from a task of an earlier campaign, whose result holds. */
  | { readonly type: 'task-reused'; readonly task: TaskId; readonly campaign: string }
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
  | {
      readonly type: 'dependencies-resolved';
      readonly task: TaskId;
      readonly decidedBy: DecidedBy;
      /** Digest of everything that its build depends on; absent where that can't be told. */
      readonly inputs?: string;
    }
  /** What it needs is here: it waits for a worker. */
  | { readonly type: 'attempt-ready'; readonly task: TaskId }
  /** Workers count from 0. */
  | {
      readonly type: 'worker-assigned';
      readonly task: TaskId;
      readonly worker: number;
      /** Processes that its build may use at once. */
      readonly parallel?: number;
      /** Whether nothing else runs beside it. */
      readonly alone?: boolean;
    }
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
  /** An ended task is to be done again: it was cancelled and the campaign goes on, or the user asked for it. */
  | { readonly type: 'task-reopened'; readonly task: TaskId }
  /** How it compares with the campaign without the change. */
  | { readonly type: 'task-judged'; readonly task: TaskId; readonly verdict: Verdict }
  /** Nothing new is begun for now, although there are workers for it. */
  | { readonly type: 'admission-paused'; readonly because: string }
  | { readonly type: 'admission-resumed' }
  | ({ readonly type: 'resources-sampled' } & ResourceSample)
  | { readonly type: 'campaign-ended'; readonly cancelled: boolean };

/** Packages of the user's own that lie over the snapshot. */
export interface ChangeUnderTest {
  /**
   * Digest of all of them, and of the sources that are built first: two campaigns with the same one tried the same
   * change.
   */
  readonly overlay: string;
  /** All that was given, kept by content: the campaign can go on and be compared when the user's files are gone. */
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly architecture: string;
    readonly fileName: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** Changed sources, tasks of this campaign: what they give joins the packages before the others begin. */
  readonly sources?: readonly { readonly name: string; readonly version: string }[];
}

/** What a task is expected to take, and what that is derived from. */
export interface PredictedUse {
  readonly memoryBytes: number;
  readonly upperBytes: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly basis: 'history' | 'similar' | 'default';
}

/**
 * `regression`: built without the change only · `already-broken`: not built without it either · `fixed`: built with the
 * change only · `flaky`: failed and, tried again, built · `newly-unsatisfiable`: what it needs can be had without the
 * change only · `host-fault`: nothing can be said of it · `unchanged`: built with and without.
 */
export type Verdict =
  | 'regression'
  | 'newly-unsatisfiable'
  | 'already-broken'
  | 'fixed'
  | 'flaky'
  | 'host-fault'
  | 'unchanged';

/** What the campaign takes of the host at one moment. */
export interface ResourceSample {
  /** Of all builds together, uppers in tmpfs included. */
  readonly memoryBytes: number;
  readonly upperBytes: number;
  /** MemAvailable of the host. */
  readonly availableBytes: number;
  /** Cores that are busy, of the whole host. */
  readonly busyCores: number;
  /** Shares of the last ten seconds in which something waited, 0 to 1; absent where the kernel doesn't tell. */
  readonly pressure?: { readonly cpu: number; readonly memory: number; readonly io: number };
}

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
