// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant, unreachable } from '../base/invariant.ts';
import type { CampaignState, TaskState } from './campaign-state.ts';
import type { RecordedEvent, TaskId } from './events.ts';
import { type DecidedBy, isPassed } from './outcome.ts';

/** A campaign of which nothing has been told yet. */
export function emptyCampaign(): CampaignState {
  return {
    seq: 0,
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
      installChecks: 0,
      installChecksPassed: 0,
      resolved: 0,
      decidedByApt: 0,
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
  switch (event.type) {
    case 'campaign-started':
      state.id = event.campaign;
      state.snapshot = event.snapshot;
      state.suite = event.suite;
      state.architecture = event.architecture;
      state.workers = event.workers;
      state.startedAt = event.at;
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
        status: 'waiting',
        attempts: [],
        phases: [],
        installChecks: [],
        artifacts: [],
      });
      state.totals.tasks++;
      return;
    case 'attempt-started': {
      const task = taskOf(state, event.task);
      delete state.preparing;
      task.status = 'preparing';
      task.installChecks.length = 0;
      task.attempts.push({ attempt: event.attempt, log: event.log, startedAt: event.at });
      return;
    }
    case 'dependencies-resolved':
      taskOf(state, event.task).decidedBy = event.decidedBy;
      countResolved(state, event.decidedBy);
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
    case 'install-check-ended':
      taskOf(state, event.task).installChecks.push({
        package: event.package,
        version: event.version,
        outcome: event.outcome,
        warnings: event.warnings,
        wallMs: event.wallMs,
        ...(event.decidedBy === undefined ? {} : { decidedBy: event.decidedBy }),
      });
      if (event.decidedBy !== undefined) countResolved(state, event.decidedBy);
      return;
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
      const { totals } = state;
      totals.ended++;
      totals.byOutcome.set(event.outcome.kind, (totals.byOutcome.get(event.outcome.kind) ?? 0) + 1);
      if (isPassed(event.outcome)) totals.built++;
      totals.installChecks += task.installChecks.length;
      totals.installChecksPassed += task.installChecks.filter(
        (check) => check.outcome.kind === 'passed',
      ).length;
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

function countResolved({ totals }: CampaignState, decidedBy: DecidedBy): void {
  totals.resolved++;
  if (decidedBy === 'apt') totals.decidedByApt++;
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
