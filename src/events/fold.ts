// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant, unreachable } from '../base/invariant.ts';
import type { CampaignState, TaskState } from './campaign-state.ts';
import type { RecordedEvent, TaskId } from './events.ts';
import { type DecidedBy, isPassed, type Outcome } from './outcome.ts';

/** A campaign of which nothing has been told yet. */
export function emptyCampaign(): CampaignState {
  return {
    seq: 0,
    at: 0,
    id: '',
    snapshot: '',
    suite: '',
    architecture: '',
    workers: 0,
    startedAt: 0,
    cancelled: false,
    notes: [],
    tasks: new Map(),
    totals: {
      tasks: 0,
      ended: 0,
      running: 0,
      built: 0,
      byOutcome: new Map(),
      byVerdict: new Map(),
      installChecks: 0,
      installChecksPassed: 0,
      resolved: 0,
      decidedByApt: 0,
      endedMs: 0,
    },
  };
}

/**
 * Takes the next event into `state`, in place: a campaign may have 34,000 tasks and a million events. The one fold for
 * terminal, files, report and page. Events that were taken already (by `seq`) change nothing, so that a
 * reader may be given some twice; a gap is a bug of the caller.
 */
export function applyEvent(state: CampaignState, event: RecordedEvent): void {
  if (event.seq <= state.seq) return;
  invariant(event.seq === state.seq + 1, `event ${event.seq} after ${state.seq}`);
  state.seq = event.seq;
  state.at = event.at;
  switch (event.type) {
    case 'campaign-started':
      state.id = event.campaign;
      state.snapshot = event.snapshot;
      state.suite = event.suite;
      state.architecture = event.architecture;
      state.workers = event.workers;
      state.startedAt = event.at;
      if (event.change !== undefined) state.change = event.change;
      if (event.baselineOf !== undefined) state.baselineOf = event.baselineOf;
      if (event.memoryBudgetBytes !== undefined) state.memoryBudgetBytes = event.memoryBudgetBytes;
      return;
    case 'campaign-resumed':
      resume(state, event.workers);
      return;
    case 'preparing':
      state.preparing = event.what;
      return;
    case 'note':
      state.notes.push({ level: event.level, message: event.message, at: event.at });
      return;
    case 'task-added':
      state.tasks.set(event.task, {
        task: event.task,
        source: event.source,
        version: event.version,
        ...(event.level === undefined ? {} : { level: event.level }),
        ...(event.predicted === undefined ? {} : { predicted: event.predicted }),
        status: 'waiting',
        attempts: [],
        phases: [],
        installChecks: [],
        checked: 0,
        checkedPassed: 0,
        artifacts: [],
      });
      state.totals.tasks++;
      return;
    case 'attempt-started': {
      const task = taskOf(state, event.task);
      delete state.preparing;
      task.status = 'preparing';
      delete task.reusedFrom;
      delete task.decidedBy;
      forgetChecks(task);
      task.attempts.push({ attempt: event.attempt, log: event.log, startedAt: event.at });
      return;
    }
    case 'dependencies-resolved':
      taskOf(state, event.task).decidedBy = event.decidedBy;
      countResolved(state, event.decidedBy, 1);
      return;
    case 'attempt-ready': {
      const task = taskOf(state, event.task);
      endPhase(task, event.at);
      task.status = 'ready';
      return;
    }
    case 'worker-assigned': {
      const task = taskOf(state, event.task);
      const attempt = task.attempts.at(-1);
      invariant(attempt !== undefined, 'a worker is assigned to an attempt that did not start');
      attempt.worker = event.worker;
      attempt.assignedAt = event.at;
      if (event.parallel !== undefined) attempt.parallel = event.parallel;
      if (event.alone !== undefined) attempt.alone = event.alone;
      task.status = 'running';
      state.totals.running++;
      return;
    }
    case 'phase-started': {
      const task = taskOf(state, event.task);
      endPhase(task, event.at);
      task.phases.push({
        phase: event.phase,
        startedAt: event.at,
        ...(event.detail === undefined ? {} : { detail: event.detail }),
      });
      return;
    }
    case 'install-check-ended': {
      const task = taskOf(state, event.task);
      task.checked++;
      if (event.outcome.kind === 'passed') task.checkedPassed++;
      task.installChecks.push({
        package: event.package,
        version: event.version,
        outcome: event.outcome,
        warnings: event.warnings,
        wallMs: event.wallMs,
        ...(event.decidedBy === undefined ? {} : { decidedBy: event.decidedBy }),
      });
      if (event.decidedBy !== undefined) countResolved(state, event.decidedBy, 1);
      return;
    }
    case 'attempt-ended': {
      const task = taskOf(state, event.task);
      endPhase(task, event.at);
      const attempt = task.attempts.at(-1);
      invariant(attempt?.attempt === event.attempt, 'an attempt ends that did not start');
      attempt.endedAt = event.at;
      attempt.outcome = event.outcome;
      attempt.usage = event.usage;
      task.artifacts = event.artifacts;
      if (task.status === 'running') state.totals.running--;
      task.status = 'waiting';
      return;
    }
    case 'task-ended': {
      const task = taskOf(state, event.task);
      endPhase(task, event.at);
      task.status = 'ended';
      task.outcome = event.outcome;
      countEnded(state, task, event.outcome, 1);
      return;
    }
    case 'task-reopened':
      reopen(state, taskOf(state, event.task));
      return;
    case 'task-reused':
      taskOf(state, event.task).reusedFrom = event.campaign;
      return;
    case 'task-judged': {
      const task = taskOf(state, event.task);
      const { byVerdict } = state.totals;
      if (task.verdict !== undefined) count(byVerdict, task.verdict, -1);
      task.verdict = event.verdict;
      count(byVerdict, event.verdict, 1);
      return;
    }
    case 'admission-paused':
      state.pausedBecause = event.because;
      return;
    case 'admission-resumed':
      delete state.pausedBecause;
      return;
    case 'resources-sampled': {
      const { type: _type, seq: _seq, ...sample } = event;
      state.resources = sample;
      return;
    }
    case 'campaign-ended':
      state.endedAt = event.at;
      state.cancelled = event.cancelled;
      return;
    default:
      unreachable(event);
  }
}

/** What had not ended waits again; an attempt that was under way is as if it had never been. */
function resume(state: CampaignState, workers: number): void {
  state.workers = workers;
  state.totals.running = 0;
  state.cancelled = false;
  delete state.endedAt;
  delete state.pausedBecause;
  for (const task of state.tasks.values()) {
    if (task.status === 'ended') continue;
    task.status = 'waiting';
    const last = task.attempts.at(-1);
    if (last === undefined || last.endedAt !== undefined) continue;
    task.attempts.pop();
    const before = task.phases.findIndex((phase) => phase.startedAt >= last.startedAt);
    if (before >= 0) task.phases.length = before;
    for (const { decidedBy } of [task, ...task.installChecks]) {
      if (decidedBy !== undefined) countResolved(state, decidedBy, -1);
    }
    delete task.decidedBy;
    forgetChecks(task);
  }
}

function reopen(state: CampaignState, task: TaskState): void {
  const { attempts, outcome, verdict } = task;
  invariant(task.status === 'ended' && outcome !== undefined, 'a task is reopened that has not ended');
  countEnded(state, task, outcome, -1);
  if (verdict !== undefined) count(state.totals.byVerdict, verdict, -1);
  task.status = 'waiting';
  // What was cut off goes on: how it failed before still counts.
  if (outcome.kind !== 'cancelled' && outcome.kind !== 'host-fault') task.reopenedAfter = attempts.length;
  delete task.outcome;
  delete task.verdict;
  delete task.reusedFrom;
}

/** @param by 1 where it ends, -1 where that is taken back. */
function countEnded({ totals }: CampaignState, task: TaskState, outcome: Outcome, by: 1 | -1): void {
  totals.ended += by;
  count(totals.byOutcome, outcome.kind, by);
  if (isPassed(outcome)) totals.built += by;
  totals.installChecks += by * task.checked;
  totals.installChecksPassed += by * task.checkedPassed;
  totals.endedMs += by * (task.attempts.at(-1)?.usage?.wallMs ?? 0);
}

function forgetChecks(task: TaskState): void {
  task.installChecks.length = 0;
  task.checked = 0;
  task.checkedPassed = 0;
}

function count<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const sum = (counts.get(key) ?? 0) + by;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

function countResolved({ totals }: CampaignState, decidedBy: DecidedBy, by: 1 | -1): void {
  totals.resolved += by;
  if (decidedBy === 'apt') totals.decidedByApt += by;
}

function taskOf(state: CampaignState, id: TaskId): TaskState {
  const task = state.tasks.get(id);
  invariant(task !== undefined, `no task ${id}`);
  return task;
}

function endPhase(task: TaskState, at: number): void {
  const last = task.phases.at(-1);
  if (last !== undefined && last.endedAt === undefined) last.endedAt = at;
}
