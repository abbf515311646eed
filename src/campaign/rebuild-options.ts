// SPDX-License-Identifier: GPL-2.0-or-later
import type { UpperPlace } from '../buildroot/buildroot.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { Limits } from '../sandbox/sandbox.ts';

/** What holds for every task of a campaign. */
export interface RebuildOptions {
  /** Builds at once. */
  readonly workers: number;
  /** Processes that one build may use at once (`parallel=N`). */
  readonly parallel: number;
  readonly profiles: readonly string[];
  /** Packages of the user's, preferred to the repository's by builds and install checks; one of each name. */
  readonly candidates: readonly LocalPackage[];
  readonly installChecks: boolean;
  readonly upper: UpperPlace;
  readonly limits: Limits;
  /** Further attempts after one that did not pass. */
  readonly retries: number;
}

/** A Debian builder's own limits are 150 minutes of silence; the longest builds of the archive take most of a day. */
export const defaultLimits: Limits = {
  timeoutMs: 4 * 3_600_000,
  idleTimeoutMs: 30 * 60_000,
  outputBytes: 1024 ** 3,
  processes: 8192,
};
