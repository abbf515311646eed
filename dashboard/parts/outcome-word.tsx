// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import { type OutcomeShare, shareOf } from '../../src/events/campaign-figures.ts';
import type { TaskState } from '../../src/events/campaign-state.ts';
import type { InstallCheckOutcome, Outcome } from '../../src/events/outcome.ts';
import { outcomeText } from '../../src/events/outcome-text.ts';

/** An outcome in a few words, with the colour of its share of the bar. */
export function OutcomeWord({ outcome }: { readonly outcome: Outcome | InstallCheckOutcome }): ReactElement {
  const share = outcome.kind === 'passed' ? 'built' : shareOf(outcome.kind);
  return <span className={`outcome ${share}`}>{outcomeText(outcome).words}</span>;
}

/** Where a task is: its outcome, or what is being done. */
export function TaskWord({ task }: { readonly task: TaskState }): ReactElement {
  if (task.outcome !== undefined) return <OutcomeWord outcome={task.outcome} />;
  const share: OutcomeShare = task.status === 'running' ? 'running' : 'open';
  const phase = task.status === 'waiting' ? undefined : task.phases.at(-1)?.phase;
  return <span className={`outcome ${share}`}>{phase ?? task.status}</span>;
}
