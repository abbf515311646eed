// SPDX-License-Identifier: GPL-2.0-or-later
import type { UpperPlace } from '../buildroot/buildroot.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { Limits } from '../sandbox/sandbox.ts';
import type { RetryPolicy } from '../schedule/after-attempt.ts';
import type { TaskResources } from './task-settings.ts';

/** What holds for every task of a campaign. */
export interface RebuildOptions {
  /** Builds at once. */
  readonly workers: number;
  /** Processes that each build may use at once (`parallel=N`); undefined: by the cores that are idle when it begins. */
  readonly parallel?: number;
  readonly profiles: readonly string[];
  /** Further ones of some tasks, by their number: those that open a cycle of a staged rebuild. */
  readonly profilesOf?: Readonly<Record<number, readonly string[]>>;
  /** Packages of the user's, preferred to the repository's by builds and install checks; one of each name. */
  readonly candidates: readonly LocalPackage[];
  readonly installChecks: boolean;
  /** Where the roots of preparations write; a build's own is chosen when it begins. */
  readonly upper: UpperPlace;
  readonly limits: Limits;
  readonly resources: TaskResources;
  /** Further attempts, each alone, after one that did not pass. */
  readonly retries: number;
  /** Absent in campaigns of earlier versions of this program: {@link defaultHostFaults}. */
  readonly hostFaults?: HostFaultOptions;
}

/** What follows a fault of this host or of the mirror; none of it counts against the package. */
export interface HostFaultOptions {
  /** Further attempts. */
  readonly retries: number;
  /** Before the first of them; five times as long before each further one. */
  readonly backoffMs: number;
}

/** With the waiting between them two and a half minutes: a mirror that is being restarted is back by then. */
export const defaultHostFaults: HostFaultOptions = { retries: 3, backoffMs: 5_000 };

/** A Debian builder's own limits are 150 minutes of silence; the longest builds of the archive take most of a day. */
export const defaultLimits: Limits = {
  timeoutMs: 4 * 3_600_000,
  idleTimeoutMs: 30 * 60_000,
  outputBytes: 1024 ** 3,
  processes: 8192,
};

/** What is done after attempts that did not pass. */
export function retryPolicy({ retries, hostFaults = defaultHostFaults }: RebuildOptions): RetryPolicy {
  return { retries, hostFaultRetries: hostFaults.retries, backoffMs: hostFaults.backoffMs };
}
