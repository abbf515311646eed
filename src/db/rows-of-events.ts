// SPDX-License-Identifier: GPL-2.0-or-later
import type { SQLInputValue } from 'node:sqlite';
import type { RecordedEvent, TaskId } from '../events/events.ts';
import type { InstallCheckOutcome, Outcome } from '../events/outcome.ts';

/** A change of the database: SQL whose first value is the campaign's number, and the other values. */
export interface RowChange {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

type EventOf<Type extends RecordedEvent['type']> = Extract<RecordedEvent, { readonly type: Type }>;

/** What was told of an attempt that has not ended. */
interface OpenAttempt {
  readonly attempt: number;
  readonly log: string;
  readonly startedAt: number;
  assigned?: EventOf<'worker-assigned'>;
  readonly phases: { readonly phase: string; readonly detail?: string; readonly from: number; to?: number }[];
  readonly checks: EventOf<'install-check-ended'>[];
}

/**
 * Turns the events of one campaign, in their order, into rows: each event into one of its own, and what has ended into
 * those of tasks, attempts and what belongs to them. Of what is under way there are only events. Does nothing by itself, so that
 * changes that could not be made can be made later.
 */
export class RowsOfEvents {
  readonly #open = new Map<TaskId, OpenAttempt>();

  changesOf(event: RecordedEvent): readonly RowChange[] {
    const { seq, at, type, ...data } = event;
    const stored: RowChange = {
      sql: 'INSERT INTO events (campaign, seq, at, type, data) VALUES (?, ?, ?, ?, ?)',
      values: [seq, at, type, JSON.stringify(data)],
    };
    return [stored, ...this.#rowsOf(event)];
  }

  #rowsOf(event: RecordedEvent): readonly RowChange[] {
    switch (event.type) {
      case 'task-added':
        return [
          {
            sql: 'INSERT INTO tasks (campaign, task, source, version, level) VALUES (?, ?, ?, ?, ?)',
            values: [event.task, event.source, event.version, event.level ?? null],
          },
        ];
      case 'attempt-started':
        this.#open.set(event.task, {
          attempt: event.attempt,
          log: event.log,
          startedAt: event.at,
          phases: [],
          checks: [],
        });
        return [
          {
            sql: 'UPDATE tasks SET reused_from = NULL WHERE campaign = ?1 AND task = ?2 AND reused_from IS NOT NULL',
            values: [event.task],
          },
        ];
      case 'dependencies-resolved':
        if (event.inputs === undefined) return [];
        return [
          {
            sql: 'UPDATE tasks SET inputs = ?3 WHERE campaign = ?1 AND task = ?2',
            values: [event.task, event.inputs],
          },
        ];
      case 'attempt-ready':
        this.#endPhase(event);
        return [];
      case 'worker-assigned': {
        const open = this.#open.get(event.task);
        if (open !== undefined) open.assigned = event;
        return [];
      }
      case 'phase-started':
        this.#endPhase(event);
        this.#open.get(event.task)?.phases.push({
          phase: event.phase,
          ...(event.detail === undefined ? {} : { detail: event.detail }),
          from: event.at,
        });
        return [];
      case 'install-check-ended':
        this.#open.get(event.task)?.checks.push(event);
        return [];
      case 'attempt-ended': {
        this.#endPhase(event);
        const open = this.#open.get(event.task);
        this.#open.delete(event.task);
        return open === undefined ? [] : attemptRows(event, open);
      }
      case 'task-ended':
        return [
          {
            sql: 'UPDATE tasks SET outcome = ?3, detail = ?4, ended_at = ?5 WHERE campaign = ?1 AND task = ?2',
            values: [event.task, event.outcome.kind, detailOf(event.outcome), event.at],
          },
        ];
      case 'task-reopened':
        return [
          {
            sql: `UPDATE tasks SET outcome = NULL, detail = NULL, ended_at = NULL, verdict = NULL, reused_from = NULL
              WHERE campaign = ? AND task = ?`,
            values: [event.task],
          },
        ];
      case 'task-reused':
        return [
          {
            sql: 'UPDATE tasks SET reused_from = ?3 WHERE campaign = ?1 AND task = ?2',
            values: [event.task, event.campaign],
          },
        ];
      case 'task-judged':
        return [
          {
            sql: 'UPDATE tasks SET verdict = ?3 WHERE campaign = ?1 AND task = ?2',
            values: [event.task, event.verdict],
          },
        ];
      case 'note':
        return [
          {
            sql: 'INSERT INTO notes (campaign, seq, at, level, message) VALUES (?, ?, ?, ?, ?)',
            values: [event.seq, event.at, event.level, event.message],
          },
        ];
      case 'resources-sampled':
        return [sampleRow(event)];
      case 'campaign-ended':
        return [
          {
            sql: 'UPDATE campaigns SET ended_at = ?2, cancelled = ?3 WHERE number = ?1',
            values: [event.at, event.cancelled ? 1 : 0],
          },
        ];
      case 'campaign-resumed':
        this.#open.clear();
        return [
          {
            sql: 'UPDATE campaigns SET ended_at = NULL, cancelled = 0, workers = ?2 WHERE number = ?1',
            values: [event.workers],
          },
        ];
      default:
        return [];
    }
  }

  #endPhase(event: { readonly task: TaskId; readonly at: number }): void {
    const last = this.#open.get(event.task)?.phases.at(-1);
    if (last !== undefined) last.to ??= event.at;
  }
}

function attemptRows(event: EventOf<'attempt-ended'>, open: OpenAttempt): readonly RowChange[] {
  const { task, attempt, outcome, usage } = event;
  const failure = outcome.kind === 'failed' ? outcome.failure : undefined;
  const { assigned } = open;
  return [
    {
      sql: `INSERT INTO attempts (campaign, task, attempt, worker, parallel, alone, log, started_at, ended_at, outcome, stage,
        detail, failure_class, fingerprint, decisive_lines, wall_ms, build_ms, build_cpu_ms, cpu_ms, peak_memory_bytes,
        upper_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      values: [
        task,
        attempt,
        assigned?.worker ?? null,
        assigned?.parallel ?? null,
        assigned?.alone === undefined ? null : Number(assigned.alone),
        open.log,
        open.startedAt,
        event.at,
        outcome.kind,
        outcome.kind === 'failed' ? outcome.stage : null,
        detailOf(outcome),
        failure?.class ?? null,
        failure?.fingerprint ?? null,
        failure === undefined ? null : JSON.stringify(failure.lines),
        usage.wallMs,
        usage.buildMs,
        usage.buildCpuMs,
        usage.cpuMs,
        Math.round(usage.peakMemoryBytes),
        Math.round(usage.upperBytes),
      ],
    },
    ...open.phases.map(({ phase, detail, from, to }, place) => ({
      sql: `INSERT INTO phases (campaign, task, attempt, place, phase, detail, started_at, ended_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      values: [task, attempt, place, phase, detail ?? null, from, to ?? event.at],
    })),
    ...open.checks.map((check, place) => ({
      sql: `INSERT INTO install_checks (campaign, task, attempt, place, package, version, outcome, detail, warnings,
        wall_ms, decided_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      values: [
        task,
        attempt,
        place,
        check.package,
        check.version,
        check.outcome.kind,
        detailOf(check.outcome),
        JSON.stringify(check.warnings),
        check.wallMs,
        check.decidedBy ?? null,
      ],
    })),
    { sql: 'DELETE FROM artifacts WHERE campaign = ? AND task = ?', values: [task] },
    ...event.artifacts.map(({ file, bytes, sha256 }) => ({
      sql: 'INSERT INTO artifacts (campaign, task, file, bytes, sha256) VALUES (?, ?, ?, ?, ?)',
      values: [task, file, bytes, sha256],
    })),
  ];
}

function sampleRow(event: EventOf<'resources-sampled'>): RowChange {
  const { pressure } = event;
  return {
    sql: `INSERT INTO resource_samples (campaign, seq, at, memory_bytes, upper_bytes, available_bytes, busy_cores,
      cpu_pressure, memory_pressure, io_pressure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    values: [
      event.seq,
      event.at,
      Math.round(event.memoryBytes),
      Math.round(event.upperBytes),
      Math.round(event.availableBytes),
      event.busyCores,
      pressure?.cpu ?? null,
      pressure?.memory ?? null,
      pressure?.io ?? null,
    ],
  };
}

/** All that an outcome says besides its kind and what has columns of its own. */
function detailOf(outcome: Outcome | InstallCheckOutcome): string {
  return JSON.stringify({ ...outcome, kind: undefined, stage: undefined, failure: undefined });
}
