// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';

/**
 * The document that `rebuild --json` prints: a stable contract. Times are milliseconds, sizes bytes; `buildMs` is unpacking
 * and building alone as the packaging system's tools took, `overheadMs` all the rest of the last attempt; paths are absolute.
 */
export function rebuildDocument(state: CampaignState, directory: string): object {
  return {
    campaign: {
      id: state.id,
      snapshot: state.snapshot,
      suite: state.suite,
      architecture: state.architecture,
      startedAt: new Date(state.startedAt).toISOString(),
      wallMs: (state.endedAt ?? state.startedAt) - state.startedAt,
      directory,
      cancelled: state.cancelled,
    },
    tasks: [...state.tasks.values()].map((task) => taskDocument(task, directory)),
    totals: {
      tasks: state.totals.tasks,
      built: state.totals.built,
      notBuilt: state.totals.ended - state.totals.built,
      outcomes: Object.fromEntries(state.totals.byOutcome),
      installChecks: state.totals.installChecks,
      installChecksPassed: state.totals.installChecksPassed,
      resolved: state.totals.resolved,
      decidedByApt: state.totals.decidedByApt,
    },
  };
}

function taskDocument(task: TaskState, directory: string): object {
  const last = task.attempts.at(-1);
  const usage = last?.usage;
  const { kind = 'cancelled', ...details } = task.outcome ?? {};
  return {
    source: task.source,
    version: task.version,
    outcome: kind,
    ...details,
    attempts: task.attempts.length,
    wallMs: usage?.wallMs ?? 0,
    buildMs: usage?.buildMs ?? 0,
    overheadMs: (usage?.wallMs ?? 0) - (usage?.buildMs ?? 0),
    buildCpuMs: usage?.buildCpuMs ?? 0,
    cpuMs: usage?.cpuMs ?? 0,
    peakMemoryBytes: usage?.peakMemoryBytes ?? 0,
    upperBytes: usage?.upperBytes ?? 0,
    log: last === undefined ? null : `${directory}/${last.log}`,
    phases: task.phases.map((phase) => ({
      phase: phase.phase,
      ...(phase.detail === undefined ? {} : { detail: phase.detail }),
      wallMs: (phase.endedAt ?? phase.startedAt) - phase.startedAt,
    })),
    artifacts: task.artifacts,
    ...(task.decidedBy === undefined ? {} : { decidedBy: task.decidedBy }),
    installChecks: task.installChecks.map((check) => {
      const { kind: outcome, ...why } = check.outcome;
      return {
        package: check.package,
        version: check.version,
        outcome,
        ...why,
        warnings: check.warnings,
        wallMs: check.wallMs,
        ...(check.decidedBy === undefined ? {} : { decidedBy: check.decidedBy }),
      };
    }),
  };
}
