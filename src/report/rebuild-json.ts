// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { failureClusters } from '../events/failure-clusters.ts';

export interface DocumentOptions {
  /** Where logs and results are. */
  readonly directory: string;
  /** Where a log is, by its path below that directory. */
  readonly logPath: (log: string) => string;
  /** The tasks that are wanted; all where it is absent. */
  readonly isWanted?: (task: TaskState) => boolean;
  /** The campaign that built without the change what failed with it. */
  readonly baseline?: CampaignState;
}

/**
 * The document that `rebuild --json` prints: a stable contract. Times are milliseconds, sizes bytes; `buildMs` is unpacking
 * and building alone as the packaging system's tools took, `overheadMs` all the rest of the last attempt; paths are absolute.
 * With a change, `verdict` is there for what was compared with the snapshot alone, `baseline` where that was built for it.
 * A failed task has a `failure`: class, decisive lines, fingerprint; `totals.clusters` has what did not pass by reason.
 */
export function rebuildDocument(
  state: CampaignState,
  options: DocumentOptions,
): { readonly campaign: object; readonly tasks: readonly object[]; readonly totals: object } {
  const { baseline, directory, isWanted = () => true } = options;
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
      ...(state.change === undefined ? {} : { change: state.change }),
      ...(baseline === undefined ? {} : { baseline: baselineDocument(baseline) }),
      ...(state.memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes: state.memoryBudgetBytes }),
      ...(state.pausedBecause === undefined ? {} : { stoppedBecause: state.pausedBecause }),
    },
    tasks: [...state.tasks.values()].filter(isWanted).map((task) => taskDocument(task, options)),
    totals: {
      tasks: state.totals.tasks,
      built: state.totals.built,
      notBuilt: state.totals.ended - state.totals.built,
      outcomes: Object.fromEntries(state.totals.byOutcome),
      verdicts: Object.fromEntries(state.totals.byVerdict),
      clusters: failureClusters(state).map(({ kind, class: failureClass, line, tasks }) => ({
        outcome: kind,
        ...(failureClass === undefined ? {} : { class: failureClass }),
        line,
        sources: tasks.map((task) => state.tasks.get(task)?.source ?? ''),
      })),
      installChecks: state.totals.installChecks,
      installChecksPassed: state.totals.installChecksPassed,
      resolved: state.totals.resolved,
      decidedByApt: state.totals.decidedByApt,
    },
  };
}

function baselineDocument({ id, cancelled, totals }: CampaignState): object {
  return { id, cancelled, tasks: totals.tasks, built: totals.built };
}

function taskDocument(task: TaskState, { logPath }: DocumentOptions): object {
  const last = task.attempts.at(-1);
  const usage = last?.usage;
  const { kind, ...details } = task.outcome ?? {};
  return {
    source: task.source,
    version: task.version,
    ...(task.level === undefined ? {} : { level: task.level }),
    ...(task.status === 'ended' ? {} : { status: task.status }),
    outcome: kind ?? null,
    ...details,
    ...(task.verdict === undefined ? {} : { verdict: task.verdict }),
    attempts: task.attempts.length,
    wallMs: usage?.wallMs ?? 0,
    buildMs: usage?.buildMs ?? 0,
    overheadMs: (usage?.wallMs ?? 0) - (usage?.buildMs ?? 0),
    buildCpuMs: usage?.buildCpuMs ?? 0,
    cpuMs: usage?.cpuMs ?? 0,
    peakMemoryBytes: usage?.peakMemoryBytes ?? 0,
    upperBytes: usage?.upperBytes ?? 0,
    log: last === undefined ? null : logPath(last.log),
    phases: task.phases.map((phase) => ({
      phase: phase.phase,
      ...(phase.detail === undefined ? {} : { detail: phase.detail }),
      wallMs: (phase.endedAt ?? phase.startedAt) - phase.startedAt,
    })),
    artifacts: task.artifacts,
    ...(task.decidedBy === undefined ? {} : { decidedBy: task.decidedBy }),
    ...(task.reusedFrom === undefined ? {} : { reusedFrom: task.reusedFrom }),
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
