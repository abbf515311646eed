// SPDX-License-Identifier: GPL-2.0-or-later
import type { Verdict } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import type { PastAttempt } from '../events/past-attempt.ts';

/** What earlier campaigns tell of a source. */
export interface PackageSource {
  /** All outcomes, newest campaign first. */
  outcomesOf(source: string): readonly PastOutcome[];
  /** The last attempts, newest first. */
  attemptsOf(source: string, architecture: string, limit: number): readonly PastAttempt[];
  /** Every source that failed when it was last built for this suite and architecture. */
  failing(suite: string, architecture: string): readonly FailingSource[];
}

/** How a source ended in one campaign. Times are milliseconds since the epoch. */
export interface PastOutcome {
  readonly campaign: string;
  readonly suite: string;
  readonly architecture: string;
  readonly version: string;
  readonly outcome: Outcome['kind'];
  readonly verdict?: Verdict;
  readonly endedAt: number;
}

/** A source that has failed each time since it last built. */
export interface FailingSource {
  readonly source: string;
  /** When the first failure in a row ended, and in which campaign. */
  readonly since: number;
  readonly firstCampaign: string;
  readonly failures: number;
}
