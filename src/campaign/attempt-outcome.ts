// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { unwrapSuppressed } from '../base/unwrap-suppressed.ts';
import type { CommandEnd } from '../distro/root.ts';
import type { InstallCheckOutcome, Outcome, Phase } from '../events/outcome.ts';
import type { Limits } from '../sandbox/sandbox.ts';

/** What a command that did not end by itself makes of its attempt. Exit statuses are for the caller to judge. */
export function outcomeOfEnd(end: CommandEnd, stage: Phase, limits: Limits): Outcome {
  switch (end.kind) {
    case 'exited':
      return { kind: 'failed', stage, reason: `exit status ${end.exitCode}` };
    case 'signalled':
      return { kind: 'failed', stage, reason: `ended by ${end.signal}` };
    case 'timed-out':
      // A command is given what the attempt has left; what the user set is the attempt's limit.
      return { kind: 'timed-out', limitMs: limits.timeoutMs ?? end.limitMs };
    case 'idle-timed-out':
    case 'out-of-memory':
    case 'output-limit':
    case 'process-limit':
    case 'cancelled':
      return end;
    case 'disk-full':
      return end.limitBytes === null
        ? {
            kind: 'host-fault',
            code: 'disk-full',
            message: 'no space left on the disk of the state directory',
          }
        : end;
    case 'not-started':
      return { kind: 'host-fault', code: 'sandbox-failed', message: end.message };
    default:
      return unreachable(end);
  }
}

/** The same for an install check, whose closed union is smaller: where memory or disk do not suffice, that is this host's fault. */
export function installCheckOutcomeOfEnd(end: CommandEnd, limits: Limits): InstallCheckOutcome {
  const outcome = outcomeOfEnd(end, 'install-check', limits);
  switch (outcome.kind) {
    case 'failed':
      return { kind: 'failed', step: 'install', reason: outcome.reason };
    case 'timed-out':
    case 'cancelled':
    case 'host-fault':
      return outcome;
    case 'disk-full':
    case 'out-of-memory':
      return {
        kind: 'host-fault',
        code: 'memory-short',
        message: `the install check met its limit: ${outcome.kind}`,
      };
    default:
      return { kind: 'failed', step: 'install', reason: outcome.kind };
  }
}

/** A host's fault as an outcome; anything that is no {@link PasekaError} is a bug and thrown on. */
export function outcomeOfError(thrown: unknown): Extract<Outcome, { kind: 'host-fault' | 'cancelled' }> {
  const error = unwrapSuppressed(thrown);
  if (!(error instanceof PasekaError)) throw thrown;
  if (error.code === 'cancelled') return { kind: 'cancelled' };
  return { kind: 'host-fault', code: error.code, message: error.message };
}
