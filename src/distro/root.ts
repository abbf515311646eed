// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What a packaging system needs of a root: a directory that it can look into from outside, and a way to run commands
 * inside. campaign/ joins a buildroot and a sandbox to one; the packaging systems know neither.
 */

/** Something of the host shown inside the root for the length of one command. */
export interface Bind {
  /** Absolute path outside. */
  readonly source: string;
  /** Absolute path inside; must exist there, or its parent must be writable. */
  readonly target: string;
  readonly writable?: boolean;
}

/**
 * Who runs a command: `root` is root of the root (installation, maintainer scripts), `builder` is an unprivileged user
 * without capabilities (uid and gid {@link builderId}).
 */
export type Identity = 'root' | 'builder';

/** uid and gid of the build user inside every root; the same in all, so that bases and layers can be shared. */
export const builderId = 1000;

export interface RootCommand {
  readonly command: readonly [string, ...string[]];
  readonly identity: Identity;
  /** The whole environment besides PATH, LC_ALL and HOME, which the sandbox sets by identity; these may be overridden. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Inside the root; default `/`. */
  readonly workingDirectory?: string;
  readonly binds?: readonly Bind[];
  /** Given on standard input; default empty. */
  readonly input?: string;
  /**
   * `log`: standard output and error go to the attempt's log (and the tail is kept in the result). `capture`: standard
   * output is returned whole (at most {@link captureLimitBytes}), standard error goes to the log.
   */
  readonly output: 'log' | 'capture';
  /** Whether sleeping is passed over: for maintainer scripts, which wait for nothing that a root here has. */
  readonly skipsSleep?: boolean;
  /** Whether the task's wall-clock, idle and output limits hold for it; they always do for what a package's build runs. */
  readonly limited?: boolean;
}

/** Most that a captured standard output may have: the longest plain answer (a simulated installation) has 1 MB. */
export const captureLimitBytes = 64 * 1024 * 1024;

/** How a command in a root ended: each limit tells itself apart. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'idle-timed-out'; readonly limitMs: number }
  | { readonly kind: 'out-of-memory'; readonly limitBytes: number | null }
  | { readonly kind: 'output-limit'; readonly limitBytes: number }
  /** `limitBytes` is that of the upper; null where its file system was full before that was reached. */
  | { readonly kind: 'disk-full'; readonly limitBytes: number | null }
  | { readonly kind: 'process-limit'; readonly limit: number }
  | { readonly kind: 'cancelled' }
  /** The sandbox itself could not be set up: a host's fault. */
  | { readonly kind: 'not-started'; readonly message: string };

export interface CommandResult {
  readonly end: CommandEnd;
  /** Whole standard output where it was captured, else empty. */
  readonly output: string;
  /** The last lines (at most 64 KiB) of what the command said on both streams, for a reason to show. */
  readonly tail: string;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A private root for who only runs commands in it, one after the other. */
export interface CommandRoot {
  run(command: RootCommand): Promise<CommandResult>;
}

/** A private root that commands can be run in, one after the other. */
export interface Root extends CommandRoot {
  /** The root's directory as seen from outside; valid as long as its buildroot is. */
  readonly directory: string;
  /** Absolute paths inside of everything that is there now and was not when the root was acquired, directories too. */
  addedPaths(): Promise<readonly string[]>;
}
