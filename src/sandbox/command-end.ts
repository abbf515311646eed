// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import type { CommandEnd } from '../distro/root.ts';
import type { Limits } from './sandbox.ts';

/** Why the sandbox itself killed the command. */
export type StopReason =
  | 'timed-out'
  | 'idle-timed-out'
  | 'out-of-memory'
  | 'output-limit'
  | 'disk-full'
  | 'process-limit'
  | 'cancelled';

/** All that is known when everything in the sandbox is dead. */
export interface EndFacts {
  /** How the command ended by itself, or by our kill. */
  readonly exit:
    | { readonly kind: 'exited'; readonly exitCode: number }
    | { readonly kind: 'signalled'; readonly signal: string };
  /** The first reason, where there are several. */
  readonly stoppedBy: StopReason | undefined;
  readonly oomKills: number;
  readonly refusedForks: number;
  readonly limits: Limits;
  readonly upper: UpperFacts | undefined;
}

export interface UpperFacts {
  readonly limitBytes: number | null;
  readonly peakBytes: number;
  readonly lowestFreeBytes: number;
  /** Whether the output said that there is no space left. */
  readonly isFullSaid: boolean;
}

/**
 * Which of the ends it was. A kill of ours stands above everything; then the kernel's kill for memory, whatever the command
 * made of it; a full upper and a refused fork only explain a failure: who gets by with them has not failed.
 */
export function decideEnd(facts: EndFacts): CommandEnd {
  if (facts.stoppedBy !== undefined) return endOfStop(facts.stoppedBy, facts);
  if (facts.oomKills > 0) return endOfStop('out-of-memory', facts);
  if (facts.exit.kind === 'exited' && facts.exit.exitCode === 0) return facts.exit;
  if (facts.upper !== undefined && isFull(facts.upper)) {
    return { kind: 'disk-full', limitBytes: isNearLimit(facts.upper) ? facts.upper.limitBytes : null };
  }
  if (facts.refusedForks > 0) return endOfStop('process-limit', facts);
  return facts.exit;
}

/** Room that is as good as none: less than one file of a build needs. */
const noRoomBytes = 64 * 1024;

function isFull(upper: UpperFacts): boolean {
  return upper.lowestFreeBytes < noRoomBytes || (upper.isFullSaid && isNearLimit(upper));
}

/** Whether the upper's own limit is what left no room, and not whatever else is on its file system. */
function isNearLimit({ limitBytes, peakBytes }: UpperFacts): boolean {
  return limitBytes !== null && peakBytes >= 0.9 * limitBytes;
}

function endOfStop(reason: StopReason, facts: EndFacts): CommandEnd {
  const { limits } = facts;
  switch (reason) {
    case 'timed-out':
      return { kind: reason, limitMs: limits.timeoutMs ?? 0 };
    case 'idle-timed-out':
      return { kind: reason, limitMs: limits.idleTimeoutMs ?? 0 };
    case 'out-of-memory':
      return { kind: reason, limitBytes: limits.memoryBytes ?? null };
    case 'output-limit':
      return { kind: reason, limitBytes: limits.outputBytes ?? 0 };
    case 'disk-full':
      return { kind: reason, limitBytes: facts.upper?.limitBytes ?? null };
    case 'process-limit':
      return { kind: reason, limit: limits.processes ?? 0 };
    case 'cancelled':
      return { kind: reason };
    default:
      return unreachable(reason);
  }
}
