// SPDX-License-Identifier: GPL-2.0-or-later

import type { Bind, CommandEnd, Identity } from '../distro/root.ts';
import type { Priority } from '../host/priority.ts';

/** Limits of one command; an absent one does not hold. */
export interface Limits {
  readonly timeoutMs?: number;
  /** Longest silence on both outputs. */
  readonly idleTimeoutMs?: number;
  readonly outputBytes?: number;
  /** Of all processes together, files that they write to tmpfs included. */
  readonly memoryBytes?: number;
  /** Processes and threads at once; a command that fails after the kernel refused it one more ends as `process-limit`. */
  readonly processes?: number;
}

export interface SandboxRequest {
  /** The directory that becomes `/`. */
  readonly root: string;
  readonly command: readonly [string, ...string[]];
  readonly identity: Identity;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly binds: readonly Bind[];
  readonly limits: Limits;
  readonly input?: string;
  /** Whether to let nothing in it sleep: calls that would, return at once. Not for a terminal. */
  readonly skipsSleep?: boolean;
  /** Default `usual`. */
  readonly priority?: Priority;
  /** Given every chunk of output as it comes; an interactive terminal is handed through instead. */
  readonly output:
    | {
        readonly kind: 'stream';
        readonly onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
        /** Both outputs in the order in which they are said, all of it as standard output. */
        readonly inOrder?: boolean;
      }
    | { readonly kind: 'terminal' };
  /** Room left in the root for what it writes; sampled while the command runs, to tell a full upper from a failure. */
  readonly upper?: UpperGauge;
  /** Told now and then what it uses, as long as it runs. */
  readonly onSample?: (use: SandboxUse) => void;
  readonly signal?: AbortSignal;
}

/** What a command uses at a moment, counted as {@link SandboxResult}'s peaks are. */
export interface SandboxUse {
  readonly memoryBytes: number;
  readonly upperBytes: number;
}

/** Reads how full a buildroot's upper is. */
export interface UpperGauge {
  /** Bytes; null where there is no limit of its own. */
  readonly limitBytes: number | null;
  /**
   * `tmpfs` (the default): the mount itself holds the limit, and what is written is memory. `disk`: nothing holds it,
   * so the sandbox kills what exceeds it.
   */
  readonly place?: 'tmpfs' | 'disk';
  measure(): Promise<{ readonly usedBytes: number; readonly freeBytes: number }>;
}

export interface SandboxResult {
  readonly end: CommandEnd;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Highest sampled sum of anonymous and shared memory of all its processes, tmpfs files included; page cache of files on disk is not counted. */
  readonly peakMemoryBytes: number;
  /** Highest sampled use of the upper; 0 without a gauge. */
  readonly peakUpperBytes: number;
}

/**
 * Runs a command inside a root: private mount, PID, IPC, UTS and network namespaces (loopback only), no new privileges,
 * minimal /dev, masked /proc, nothing of the host's files but the binds. When it returns, every process that the command
 * left behind is dead. Never throws for what the command does; throws only for bugs.
 */
export interface Sandbox {
  run(request: SandboxRequest): Promise<SandboxResult>;
}
