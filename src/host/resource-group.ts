// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Groups of processes whose memory, number and CPU time are counted together and bounded: by cgroup v2 or v1 where this
 * process may make cgroups, else by looking at the processes now and then.
 */

export interface GroupLimits {
  readonly memoryBytes?: number;
  /** Of processes and threads. */
  readonly processes?: number;
}

/** `exact`: the kernel enforces or counts it · `sampled`: looked at several times a second · `none`: not at all. */
export type Enforcement = 'exact' | 'sampled' | 'none';

/** What this host can do, for doctor and for the run to say. */
export interface GroupSupport {
  readonly mechanism: 'cgroup-v2' | 'cgroup-v1' | 'sampling';
  readonly memory: Enforcement;
  readonly processes: Enforcement;
  readonly cpuTime: Enforcement;
  /** One sentence: where the groups are, or why there are no better ones. */
  readonly detail: string;
  /** The command that mends what is not exact, where there is one. */
  readonly remedy: string | null;
}

/** What a group uses at a moment. */
export interface GroupSample {
  /** Anonymous and shared memory, files in tmpfs included; page cache of files on disk is not. */
  readonly memoryBytes: number;
  /** Null where the kernel bounds it, and nobody needs to count. */
  readonly processes: number | null;
}

/** What became of a group. */
export interface GroupTotals {
  readonly cpuMs: number;
  /** Processes that the kernel killed for memory. */
  readonly oomKills: number;
  /** Forks that the kernel refused for the limit of processes. */
  readonly refusedForks: number;
}

/** One group. Its processes are in it from before they run anything of the user's; disposing kills and removes it. */
export interface ResourceGroup extends AsyncDisposable {
  /**
   * Files that a single-threaded process writes `0` into, through descriptors opened here, to enter: then it needs to
   * see no cgroup file system.
   */
  readonly entryFiles: readonly string[];
  /** Tells which process is the first of the group's PID namespace. */
  attach(leaderPid: number): void;
  /** @param upperBytes what the group wrote to a tmpfs that this one can't see: counted where the kernel doesn't. */
  sample(upperBytes: number): GroupSample;
  /** How often the kernel killed for memory so far. */
  readonly oomKills: number;
  totals(): GroupTotals;
  /** SIGKILL to all that are in it now. */
  killAll(): void;
}

export interface ResourceGroups extends Disposable {
  readonly support: GroupSupport;
  /** Throws PasekaError sandbox-failed where the kernel refuses. */
  create(limits: GroupLimits): ResourceGroup;
  /** Kills and removes what processes that have died left behind; returns how many groups. */
  sweep(): Promise<number>;
}

/** A mechanism that works here, or why it doesn't. */
export type OpenedGroups =
  | { readonly kind: 'opened'; readonly groups: ResourceGroups }
  | { readonly kind: 'unusable'; readonly reason: string; readonly remedy: string | null };
