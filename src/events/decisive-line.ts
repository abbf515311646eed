// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/invariant.ts';
import type { Outcome } from './outcome.ts';

/** The one line that says best why a task ended so; empty where it was built or nothing can be said. */
export function decisiveLine(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'built':
    case 'cancelled':
      return '';
    case 'failed':
      return (outcome.failure?.lines[0]?.text ?? firstLine(outcome.reason)).trim();
    case 'dependencies-unsatisfiable':
    case 'not-for-architecture':
      return outcome.explanation
        .split('\n')
        .map((line) => line.trim())
        .join('; ');
    case 'file-missing':
      return outcome.url;
    case 'host-fault':
      return `${outcome.code}: ${firstLine(outcome.message)}`;
    case 'timed-out':
    case 'idle-timed-out':
      return `${outcome.kind} after ${formatDuration(outcome.limitMs)}`;
    case 'out-of-memory':
    case 'output-limit':
    case 'disk-full':
      return outcome.limitBytes === null
        ? outcome.kind
        : `${outcome.kind}: ${formatBytes(outcome.limitBytes)}`;
    case 'process-limit':
      return `${outcome.kind}: ${outcome.limit}`;
    default:
      return unreachable(outcome);
  }
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}
