// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { formatDuration } from '../base/duration.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { outcomeText } from '../events/outcome-text.ts';
import { clusterLines } from './cluster-lines.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** What a campaign came to, for a terminal or a mail: one row per task, reasons below, what they have in common, totals last. */
export function summaryTable(
  state: CampaignState,
  style: Style,
  isWanted: (task: TaskState) => boolean = () => true,
): string {
  const tasks = [...state.tasks.values()].filter(isWanted);
  const rows = tasks.map((task) => summaryRow(task, style));
  const header = ['source', 'version', 'outcome', 'install checks', 'time', 'build', 'memory', 'upper'];
  const lines = [
    renderTable(header.map(style.dim), rows, [0, 0, 0, 0, 1, 1, 1, 1]),
    ...tasks.flatMap((task) => reasons(task, style)),
  ];
  const inCommon = clusterLines(state, style);
  if (inCommon.length > 0) lines.push('', ...inCommon);
  return `${lines.join('\n')}\n\n${totalsLine(state, style)}\n`;
}

/** `3 built, 1 failed of 4 sources in 2:07; 5 of 6 install checks passed`. */
export function totalsLine(state: CampaignState, style: Style): string {
  const { totals } = state;
  const parts = [...totals.byOutcome].map(([kind, count]) =>
    kind === 'built' ? style.good(`${count} built`) : style.bad(`${count} ${kind}`),
  );
  const wallMs = (state.endedAt ?? state.startedAt) - state.startedAt;
  const checks =
    totals.installChecks > 0
      ? `; ${totals.installChecksPassed} of ${totals.installChecks} install checks passed`
      : '';
  return `${parts.join(', ') || 'nothing done'} of ${totals.tasks} sources in ${formatDuration(wallMs)}${checks}`;
}

function summaryRow(task: TaskState, style: Style): string[] {
  const usage = task.attempts.at(-1)?.usage;
  const words = task.outcome === undefined ? task.status : outcomeText(task.outcome).words;
  const flaky = task.verdict === 'flaky' ? ', flaky' : '';
  const attempts = task.attempts.length > 1 ? ` (attempt ${task.attempts.length}${flaky})` : '';
  const passed = task.installChecks.filter((check) => check.outcome.kind === 'passed').length;
  return [
    task.source,
    task.version,
    outcomeStyle(task, style)(words) + attempts + (task.reusedFrom === undefined ? '' : ' (reused)'),
    task.installChecks.length === 0 ? '' : `${passed} of ${task.installChecks.length}`,
    usage === undefined ? '' : formatDuration(usage.wallMs),
    usage === undefined ? '' : formatDuration(usage.buildMs),
    usage === undefined ? '' : formatBytes(usage.peakMemoryBytes),
    usage === undefined ? '' : formatBytes(usage.upperBytes),
  ];
}

function outcomeStyle({ outcome }: TaskState, style: Style): (text: string) => string {
  if (outcome === undefined) return style.dim;
  return outcome.kind === 'built' ? style.good : style.bad;
}

function reasons(task: TaskState, style: Style): string[] {
  const lines: string[] = [];
  if (task.outcome !== undefined && task.outcome.kind !== 'built') {
    const { reason } = outcomeText(task.outcome);
    if (reason !== '') lines.push(`${style.bad('✗')} ${task.source}: ${reason.replaceAll('\n', '\n    ')}`);
  }
  for (const check of task.installChecks) {
    const { words, reason } = outcomeText(check.outcome);
    if (check.outcome.kind !== 'passed' && task.outcome?.kind !== 'failed') {
      lines.push(
        `${style.bad('✗')} ${check.package}: install check ${words}: ${reason.replaceAll('\n', '\n    ')}`,
      );
    }
    for (const warning of check.warnings) lines.push(`${style.warn('!')} ${check.package}: ${warning}`);
  }
  return lines;
}
