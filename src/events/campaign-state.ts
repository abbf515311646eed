// SPDX-License-Identifier: GPL-2.0-or-later
import type {
  Artifact,
  AttemptUsage,
  ChangeUnderTest,
  PredictedUse,
  ResourceSample,
  TaskId,
  Verdict,
} from './events.ts';
import type { DecidedBy, InstallCheckOutcome, Outcome, Phase } from './outcome.ts';

/** A phase as it went; `endedAt` is absent while it lasts. Times are milliseconds since the epoch. */
export interface PhaseState {
  readonly phase: Phase;
  readonly detail?: string;
  readonly startedAt: number;
  endedAt?: number;
}

export interface InstallCheckState {
  readonly package: string;
  readonly version: string;
  readonly outcome: InstallCheckOutcome;
  readonly warnings: readonly string[];
  readonly wallMs: number;
  /** Who decided what its dependencies are; absent where that could not be decided. */
  readonly decidedBy?: DecidedBy;
}

export interface AttemptState {
  readonly attempt: number;
  worker?: number;
  /** When the worker took it: until then it was made ready, or waited. */
  assignedAt?: number;
  parallel?: number;
  /** Whether nothing else ran beside it. */
  alone?: boolean;
  readonly log: string;
  readonly startedAt: number;
  endedAt?: number;
  outcome?: Outcome;
  usage?: AttemptUsage;
}

/**
 * `waiting` for its turn · `preparing`: what it needs is being resolved and fetched · `ready` for a worker · `running`
 * · `ended` with the outcome of its last attempt.
 */
export type TaskStatus = 'waiting' | 'preparing' | 'ready' | 'running' | 'ended';

export interface TaskState {
  readonly task: TaskId;
  readonly source: string;
  readonly version: string;
  /** In a staged rebuild: from 0. */
  readonly level?: number;
  readonly predicted?: PredictedUse;
  status: TaskStatus;
  readonly attempts: AttemptState[];
  readonly phases: PhaseState[];
  readonly installChecks: InstallCheckState[];
  /** So many install checks of its last attempt are over, and so many of them passed. */
  checked: number;
  checkedPassed: number;
  artifacts: readonly Artifact[];
  /** Who decided the build dependencies of its last attempt. */
  decidedBy?: DecidedBy;
  outcome?: Outcome;
  /** So many attempts it had when it was last opened again after its end. */
  reopenedAfter?: number;
  /** The earlier campaign whose result was taken over. */
  reusedFrom?: string;
  verdict?: Verdict;
}

export interface Totals {
  tasks: number;
  ended: number;
  running: number;
  built: number;
  /** By outcome kind, ended tasks only. */
  readonly byOutcome: Map<Outcome['kind'], number>;
  /** Judged tasks only. */
  readonly byVerdict: Map<Verdict, number>;
  installChecks: number;
  installChecksPassed: number;
  /** Sets of dependencies that were decided, of builds and of install checks, and those that apt was asked for. */
  resolved: number;
  decidedByApt: number;
  /** What the last attempts of ended tasks took together, in milliseconds. */
  endedMs: number;
}

/** All that is known of a campaign; made and changed by fold.ts alone. */
export interface CampaignState {
  seq: number;
  /** When the last event was. */
  at: number;
  id: string;
  snapshot: string;
  suite: string;
  architecture: string;
  workers: number;
  startedAt: number;
  endedAt?: number;
  cancelled: boolean;
  change?: ChangeUnderTest;
  baselineOf?: string;
  memoryBudgetBytes?: number;
  /** Why nothing new is begun at the moment. */
  pausedBecause?: string;
  /** The latest; what was before is the stream's. */
  resources?: ResourceSample & { readonly at: number };
  /** What is being done before the first task can start. */
  preparing?: string;
  readonly notes: { readonly level: 'info' | 'warning'; readonly message: string; readonly at: number }[];
  readonly tasks: Map<TaskId, TaskState>;
  readonly totals: Totals;
}
