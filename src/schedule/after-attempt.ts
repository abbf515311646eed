// SPDX-License-Identifier: GPL-2.0-or-later
import type { ErrorCode } from '../base/paseka-error.ts';
import { shareOf } from '../events/campaign-figures.ts';
import type { Outcome } from '../events/outcome.ts';

/** When a task is tried again. */
export interface RetryPolicy {
  /** Further attempts after failures that may be the package's. */
  readonly retries: number;
  /** Further attempts after faults of the host. */
  readonly hostFaultRetries: number;
  /** Before the first attempt after a host's fault; five times as long before each further one, at most an hour. */
  readonly backoffMs: number;
}

export type AfterAttempt =
  | { readonly kind: 'over' }
  | { readonly kind: 'again'; readonly alone: boolean; readonly notBefore: number };

/** So often a build is done again that was stopped for want of memory. */
const mostStops = 3;

/** Longest wait after a fault of the host: what an hour does not mend waits for `campaign resume`. */
const longestWaitMs = 60 * 60 * 1000;

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
 * once and alone, whatever the policy says of faults. A build that met a full disk is tried once more, alone: it may be what
 * filled it, and is not to take others with it again.
 */
export function afterAttempt(outcomes: readonly Outcome[], policy: RetryPolicy, now: number): AfterAttempt {
  const last = outcomes.at(-1);
  if (last === undefined) return { kind: 'over' };
  if (isHostFault(last)) {
    const all = outcomes.filter(isHostFault);
    const faults = all.filter(({ code }) => code !== 'memory-short').length;
    if (last.code === 'memory-short') {
      if (all.length - faults > mostStops) return { kind: 'over' };
      return { kind: 'again', alone: true, notBefore: 0 };
    }
    if (lasting.has(last.code) || faults > policy.hostFaultRetries) return { kind: 'over' };
    const metFullDisk = last.code === 'disk-full';
    if (metFullDisk && all.filter(({ code }) => code === 'disk-full').length > 1) return { kind: 'over' };
    const notBefore = now + Math.min(longestWaitMs, policy.backoffMs * 5 ** (faults - 1));
    return { kind: 'again', alone: metFullDisk || outcomes.some(isFailure), notBefore };
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
