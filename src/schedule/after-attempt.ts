// SPDX-License-Identifier: GPL-2.0-or-later
import type { ErrorCode } from '../base/paseka-error.ts';
import { shareOf } from '../events/campaign-figures.ts';
import type { Outcome } from '../events/outcome.ts';

/** When a task is tried again. */
export interface RetryPolicy {
  /** Further attempts after failures that may be the package's. */
  readonly retries: number;
  /** Before the first attempt after a host's fault; five times as long before each further one. */
  readonly backoffMs: number;
}

export type AfterAttempt =
  | { readonly kind: 'over' }
  | { readonly kind: 'again'; readonly alone: boolean; readonly notBefore: number };

/** Further attempts after faults of the host: with the waiting between them, minutes. */
const mostHostFaults = 3;

/** Faults of the host, or of the mirror, that no waiting mends. */
const lasting: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'file-corrupt',
  'file-not-on-mirror',
  'signature-invalid',
  'tool-missing',
  'no-user-namespace',
  'no-subordinate-ids',
]);

/**
 * Whether a task is tried again, from the outcomes of all its attempts so far. A failure is tried again with nothing
 * beside it, so that what others do to it is no reason any more. A fault of the host is tried again after a while,
 * whatever `retries` says and without being counted among the failures; a build that was stopped for want of memory at
 * once and alone.
 */
export function afterAttempt(outcomes: readonly Outcome[], policy: RetryPolicy, now: number): AfterAttempt {
  const last = outcomes.at(-1);
  if (last === undefined) return { kind: 'over' };
  const faults = outcomes.filter(isHostFault).length;
  if (isHostFault(last)) {
    if (lasting.has(last.code) || faults > mostHostFaults) return { kind: 'over' };
    if (last.code === 'memory-short') return { kind: 'again', alone: true, notBefore: 0 };
    const notBefore = now + policy.backoffMs * 5 ** (faults - 1);
    return { kind: 'again', alone: outcomes.some(isFailure), notBefore };
  }
  if (!isFailure(last)) return { kind: 'over' };
  const failures = outcomes.filter(isFailure).length;
  return failures > policy.retries ? { kind: 'over' } : { kind: 'again', alone: true, notBefore: 0 };
}

/** Whether one attempt failed and a later one, in which nothing ran beside it, did not. */
export function isFlaky(outcomes: readonly Outcome[]): boolean {
  return outcomes.at(-1)?.kind === 'built' && outcomes.some(isFailure);
}

function isHostFault(outcome: Outcome): outcome is Extract<Outcome, { kind: 'host-fault' }> {
  return outcome.kind === 'host-fault';
}

/** What another attempt could change: neither what the repository says nor that the user stopped it. */
function isFailure({ kind }: Outcome): boolean {
  return ['failed', 'limit'].includes(shareOf(kind));
}
