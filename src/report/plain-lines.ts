// SPDX-License-Identifier: GPL-2.0-or-later
import { formatDuration } from '../base/duration.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { RecordedEvent } from '../events/events.ts';
import { outcomeText } from '../events/outcome-text.ts';

/** How much a person wants to read. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/**
 * The line for an event where the output is no terminal; undefined for what is not worth one. Who wants quiet reads one line of what
 * went wrong, and of what a warning says.
 */
export function plainLine(
  event: RecordedEvent,
  state: CampaignState,
  verbosity: Verbosity,
): string | undefined {
  if (verbosity === 'quiet')
    return isWrong(event) ? plainLine(event, state, 'normal')?.split('\n')[0] : undefined;
  const name = (): string => ('task' in event ? (state.tasks.get(event.task)?.source ?? '') : '');
  switch (event.type) {
    case 'preparing':
      return event.what;
    case 'note':
      return event.level === 'warning' ? `warning: ${event.message}` : event.message;
    case 'admission-paused':
      return `nothing new begins: ${event.because}`;
    case 'admission-resumed':
      return 'builds begin again';
    case 'worker-assigned':
      return `${name()}: started`;
    case 'phase-started':
      if (verbosity !== 'verbose') return undefined;
      return `${name()}: ${[event.phase, event.detail].filter(Boolean).join(': ')}`;
    case 'install-check-ended': {
      const { words, reason } = outcomeText(event.outcome);
      if (event.outcome.kind === 'passed' && verbosity !== 'verbose') return undefined;
      return `${name()}: install check of ${event.package} ${words}${because(reason)}`;
    }
    case 'task-ended': {
      const { words, reason } = outcomeText(event.outcome);
      const usage = state.tasks.get(event.task)?.attempts.at(-1)?.usage;
      const time = usage === undefined ? '' : ` in ${formatDuration(usage.wallMs)}`;
      const { ended, tasks } = state.totals;
      return `${name()}: ${words}${time}${because(reason)} (${ended} of ${tasks})`;
    }
    default:
      return undefined;
  }
}

/** What the user did and what is not for this machine is not wrong. */
function isWrong(event: RecordedEvent): boolean {
  switch (event.type) {
    case 'note':
      return event.level === 'warning';
    case 'task-ended': {
      const { kind } = event.outcome;
      return kind !== 'built' && kind !== 'cancelled' && kind !== 'not-for-architecture';
    }
    case 'install-check-ended':
      return event.outcome.kind !== 'passed' && event.outcome.kind !== 'cancelled';
    default:
      return false;
  }
}

/** A reason behind the words that it is for; its further lines are indented. */
function because(reason: string): string {
  return reason === '' ? '' : `: ${reason.replaceAll('\n', '\n    ')}`;
}
