// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import type { CampaignState } from './campaign-state.ts';
import type { TaskId } from './events.ts';
import type { FailureClass } from './failure.ts';
import type { Outcome } from './outcome.ts';

/** Tasks that did not pass for what looks like the same reason. */
export interface FailureCluster {
  /** What they have in common; tells clusters apart. */
  readonly key: string;
  readonly kind: Outcome['kind'];
  readonly class?: FailureClass;
  /** What decided it, as the first of them said it. */
  readonly line: string;
  readonly tasks: readonly TaskId[];
}

/** All tasks that ended and did not pass, without those that were cancelled or are not for here: biggest cluster first. */
export function failureClusters(state: CampaignState): FailureCluster[] {
  const clusters = new Map<string, FailureCluster & { readonly tasks: TaskId[] }>();
  for (const { task, status, outcome } of state.tasks.values()) {
    if (status !== 'ended' || outcome === undefined) continue;
    const reason = clusterOf(outcome);
    if (reason === undefined) continue;
    const known = clusters.get(reason.key);
    if (known === undefined) clusters.set(reason.key, { ...reason, tasks: [task] });
    else known.tasks.push(task);
  }
  return [...clusters.values()].sort((a, b) => b.tasks.length - a.tasks.length || a.key.localeCompare(b.key));
}

/** Which cluster an outcome belongs to, by the failure's fingerprint where the log was read; undefined for none. */
export function clusterOf(outcome: Outcome): Omit<FailureCluster, 'tasks'> | undefined {
  const { kind } = outcome;
  switch (outcome.kind) {
    case 'built':
    case 'not-for-architecture':
    case 'cancelled':
      return undefined;
    case 'failed': {
      const { failure, stage } = outcome;
      const line = failure?.lines[0]?.text ?? firstLine(outcome.reason);
      const what = failure?.fingerprint ?? withoutNumbers(firstLine(outcome.reason));
      return {
        key: `${stage}:${what}`,
        kind,
        ...(failure === undefined ? {} : { class: failure.class }),
        line,
      };
    }
    case 'dependencies-unsatisfiable': {
      const line = firstLine(outcome.explanation);
      return { key: `${kind}:${line}`, kind, line };
    }
    case 'host-fault':
      return { key: `${kind}:${outcome.code}`, kind, line: `${outcome.code}: ${firstLine(outcome.message)}` };
    case 'file-missing':
      return { key: kind, kind, line: outcome.url };
    case 'timed-out':
    case 'idle-timed-out':
    case 'out-of-memory':
    case 'output-limit':
    case 'process-limit':
    case 'disk-full':
      return { key: kind, kind, line: '' };
    default:
      return unreachable(outcome);
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, 'N');
