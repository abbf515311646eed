// SPDX-License-Identifier: GPL-2.0-or-later
import type { Outcome } from './outcome.ts';

/** What an earlier attempt of a source took; see AttemptUsage in events.ts. */
export interface PastAttempt {
  readonly campaign: string;
  readonly version: string;
  readonly outcome: Outcome['kind'];
  /** Processes that its build might run at once; absent where that was not recorded. */
  readonly parallel?: number;
  readonly endedAt: number;
  readonly wallMs: number;
  readonly buildMs: number;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  readonly upperBytes: number;
}
