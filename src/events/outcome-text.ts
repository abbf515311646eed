// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/invariant.ts';
import type { InstallCheckOutcome, Outcome } from './outcome.ts';

/** Few words for a table, and the line that says why. */
export interface OutcomeText {
  readonly words: string;
  readonly reason: string;
}

/** An outcome, of a task or of an install check, for people. */
export function outcomeText(outcome: Outcome | InstallCheckOutcome): OutcomeText {
  const limit = (bytes: number | null): string => (bytes === null ? '' : `limit ${formatBytes(bytes)}`);
  switch (outcome.kind) {
    case 'built':
    case 'passed':
    case 'cancelled':
      return { words: outcome.kind, reason: '' };
    case 'failed':
      return {
        words: `failed (${'stage' in outcome ? outcome.stage : outcome.step})`,
        reason: failureText(outcome),
      };
    case 'dependencies-unsatisfiable':
      return { words: 'unsatisfiable', reason: outcome.explanation };
    case 'not-for-architecture':
      return { words: 'not for this architecture', reason: outcome.explanation };
    case 'timed-out':
      return { words: 'timed out', reason: `after ${formatDuration(outcome.limitMs)}` };
    case 'idle-timed-out':
      return { words: 'idle too long', reason: `no output for ${formatDuration(outcome.limitMs)}` };
    case 'out-of-memory':
      return { words: 'out of memory', reason: limit(outcome.limitBytes) };
    case 'output-limit':
      return { words: 'too much output', reason: limit(outcome.limitBytes) };
    case 'process-limit':
      return { words: 'too many processes', reason: `limit ${outcome.limit}` };
    case 'disk-full':
      return { words: 'buildroot full', reason: limit(outcome.limitBytes) };
    case 'file-missing':
      return { words: 'not on the mirror', reason: outcome.url };
    case 'host-fault':
      return { words: 'host fault', reason: `${outcome.code}: ${outcome.message}` };
    default:
      return unreachable(outcome);
  }
}

/** The class and the first line that decided it where the log was read, else what the failing step said. */
function failureText(outcome: Extract<Outcome | InstallCheckOutcome, { kind: 'failed' }>): string {
  if (!('failure' in outcome) || outcome.failure === undefined) return outcome.reason;
  const { class: failureClass, lines } = outcome.failure;
  const line = lines[0]?.text.trim() ?? outcome.reason;
  return failureClass === 'unknown' ? line : `${failureClass}: ${line}`;
}
