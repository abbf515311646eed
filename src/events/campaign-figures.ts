// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import type { CampaignState, Totals } from './campaign-state.ts';
import type { Outcome } from './outcome.ts';

/** A piece of the bar that shows how a campaign stands. */
export type OutcomeShare =
  | 'built'
  | 'failed'
  | 'unsatisfiable'
  | 'limit'
  | 'host'
  | 'cancelled'
  | 'elsewhere'
  | 'running'
  | 'open';

/** Into which piece of the bar an outcome goes: whose hands the cure is in. */
export function shareOf(kind: Outcome['kind']): Exclude<OutcomeShare, 'running' | 'open'> {
  switch (kind) {
    case 'built':
      return 'built';
    case 'failed':
      return 'failed';
    case 'dependencies-unsatisfiable':
      return 'unsatisfiable';
    case 'not-for-architecture':
      return 'elsewhere';
    case 'timed-out':
    case 'idle-timed-out':
    case 'out-of-memory':
    case 'output-limit':
    case 'process-limit':
    case 'disk-full':
      return 'limit';
    case 'file-missing':
    case 'host-fault':
      return 'host';
    case 'cancelled':
      return 'cancelled';
    default:
      return unreachable(kind);
  }
}

/** How many tasks each piece of the bar stands for; all together are the campaign's tasks. */
export function outcomeShares(totals: {
  readonly tasks: number;
  readonly ended: number;
  readonly running: number;
  readonly byOutcome: Iterable<readonly [Outcome['kind'], number]>;
}): Record<OutcomeShare, number> {
  const shares = {
    built: 0,
    failed: 0,
    unsatisfiable: 0,
    limit: 0,
    host: 0,
    cancelled: 0,
    elsewhere: 0,
    running: totals.running,
    open: totals.tasks - totals.ended - totals.running,
  };
  for (const [kind, count] of totals.byOutcome) shares[shareOf(kind)] += count;
  return shares;
}

/**
 * Whether all that was asked for was done and passed. Sources that are not for this architecture count neither way, as those
 * that are left out from the beginning; but there has to be something that passed.
 */
export function isAllPassed({
  built,
  byOutcome,
  tasks,
}: Pick<Totals, 'built' | 'byOutcome' | 'tasks'>): boolean {
  return built > 0 && built + (byOutcome.get('not-for-architecture') ?? 0) === tasks;
}

/**
 * Milliseconds until the end, from the mean time of ended tasks and the number of workers; undefined before the
 * first task has ended, and after the end.
 */
export function estimateRestMs(state: CampaignState, now: number): number | undefined {
  const { ended, endedMs, tasks } = state.totals;
  if (ended === 0 || state.endedAt !== undefined) return undefined;
  let startedMs = 0;
  for (const task of state.tasks.values()) {
    const attempt = task.status === 'running' ? task.attempts.at(-1) : undefined;
    if (attempt !== undefined) startedMs += now - attempt.startedAt;
  }
  const meanMs = endedMs / ended;
  const left = Math.max(0, (tasks - ended) * meanMs - startedMs);
  return left / Math.max(1, Math.min(state.workers, tasks - ended));
}

const rateWindowMs = 10 * 60_000;

/** Tasks that ended in the last ten minutes (from the start or to the end, where that is nearer), for an hour. */
export function tasksPerHour(state: CampaignState, now: number): number | undefined {
  const until = state.endedAt ?? now;
  const from = Math.max(state.startedAt, state.endedAt === undefined ? now - rateWindowMs : 0);
  if (until <= from) return undefined;
  let count = 0;
  for (const task of state.tasks.values()) {
    if (task.status === 'ended' && (task.attempts.at(-1)?.endedAt ?? 0) >= from) count++;
  }
  return (count * 3_600_000) / (until - from);
}
