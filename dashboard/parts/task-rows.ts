// SPDX-License-Identifier: GPL-2.0-or-later
import { shareOf } from '../../src/events/campaign-figures.ts';
import type { CampaignState, TaskState } from '../../src/events/campaign-state.ts';
import { clusterOf } from '../../src/events/failure-clusters.ts';
import type { Outcome } from '../../src/events/outcome.ts';
import { outcomeText } from '../../src/events/outcome-text.ts';
import type { CampaignSearch, SortColumn } from './campaign-search.ts';

/** The tasks that a search asks for, in its order. */
export function taskRows(state: CampaignState, search: CampaignSearch): TaskState[] {
  const { q, outcome, cluster, sort } = search;
  const text = q?.toLowerCase();
  const rows = [...state.tasks.values()].filter(
    (task) =>
      (outcome === undefined || isOf(task, outcome)) &&
      (cluster === undefined || isOfCluster(task, cluster)) &&
      (search.class === undefined || classOf(task.outcome) === search.class) &&
      (text === undefined ||
        task.source.toLowerCase().includes(text) ||
        task.version.includes(text) ||
        reasonOf(task).toLowerCase().includes(text)),
  );
  if (sort !== undefined && sort !== 'task') sortBy(rows, sort);
  if (search.down === true) rows.reverse();
  return rows;
}

/** Why a task did not pass, in a line: what decided it where that is known. */
export function reasonOf({ outcome }: Pick<TaskState, 'outcome'>): string {
  if (outcome === undefined) return '';
  if (outcome.kind === 'failed') return outcome.failure?.lines[0]?.text ?? outcome.reason;
  return outcomeText(outcome).reason;
}

/** @param wanted an outcome, a share of the bar or a status. */
function isOf(task: TaskState, wanted: string): boolean {
  if (task.outcome === undefined) {
    return task.status === wanted || (wanted === 'open' && task.status !== 'running');
  }
  return task.outcome.kind === wanted || shareOf(task.outcome.kind) === wanted || wanted === 'ended';
}

function isOfCluster({ status, outcome }: TaskState, key: string): boolean {
  return status === 'ended' && outcome !== undefined && clusterOf(outcome)?.key === key;
}

function classOf(outcome: Outcome | undefined): string | undefined {
  return outcome?.kind === 'failed' ? (outcome.failure?.class ?? 'unknown') : undefined;
}

function sortBy(rows: TaskState[], column: Exclude<SortColumn, 'task'>): void {
  switch (column) {
    case 'source':
      rows.sort((a, b) => (a.source < b.source ? -1 : 1));
      return;
    case 'outcome':
      rows.sort((a, b) => outcomeRank(a) - outcomeRank(b) || a.task - b.task);
      return;
    case 'wall':
      rows.sort((a, b) => usageOf(b, 'wallMs') - usageOf(a, 'wallMs'));
      return;
    case 'cpu':
      rows.sort((a, b) => usageOf(b, 'cpuMs') - usageOf(a, 'cpuMs'));
      return;
    case 'memory':
      rows.sort((a, b) => usageOf(b, 'peakMemoryBytes') - usageOf(a, 'peakMemoryBytes'));
      return;
    case 'ended':
      rows.sort((a, b) => endOf(b) - endOf(a));
  }
}

function usageOf(task: TaskState, key: 'wallMs' | 'cpuMs' | 'peakMemoryBytes'): number {
  return task.attempts.at(-1)?.usage?.[key] ?? -1;
}

function endOf(task: TaskState): number {
  return task.status === 'ended' ? (task.attempts.at(-1)?.endedAt ?? 0) : 0;
}

const shareRank = [
  'running',
  'failed',
  'unsatisfiable',
  'limit',
  'host',
  'cancelled',
  'open',
  'elsewhere',
  'built',
];

function outcomeRank(task: TaskState): number {
  if (task.outcome !== undefined) return shareRank.indexOf(shareOf(task.outcome.kind));
  return shareRank.indexOf(task.status === 'running' ? 'running' : 'open');
}
