// SPDX-License-Identifier: GPL-2.0-or-later
import { statfsSync } from 'node:fs';
import {
  identifyProcess,
  isRunning,
  killProcess,
  listProcesses,
  type ProcessIdentity,
  readProcessStat,
  readProcFile,
} from './process-table.ts';
import type {
  GroupLimits,
  GroupSample,
  GroupTotals,
  ResourceGroup,
  ResourceGroups,
} from './resource-group.ts';

/**
 * Groups without cgroups: the processes of a PID namespace, seen through its own /proc. What happens between two
 * samples is not seen: a limit may be exceeded for that long, and CPU time is a lower bound.
 */
export function sampledGroups(reason: string, remedy: string | null): ResourceGroups {
  return {
    support: {
      mechanism: 'sampling',
      memory: 'sampled',
      processes: 'sampled',
      cpuTime: 'sampled',
      detail: `no cgroups: ${reason}`,
      remedy,
    },
    create: (limits) => new SampledGroup(limits),
    sweep: async () => 0,
    [Symbol.dispose]: () => undefined,
  };
}

/** User-visible clock ticks per second (getconf CLK_TCK): 100 on every architecture that Linux has today. */
const ticksPerSecond = 100;

class SampledGroup implements ResourceGroup {
  readonly entryFiles = [];
  readonly oomKills = 0;
  readonly #limits: GroupLimits;
  #leader: ProcessIdentity | undefined;
  #cpuMs = 0;

  constructor(limits: GroupLimits) {
    this.#limits = limits;
  }

  attach(leaderPid: number): void {
    this.#leader = identifyProcess(leaderPid);
  }

  sample(upperBytes: number): GroupSample {
    if (this.#leader === undefined || !isRunning(this.#leader)) return { memoryBytes: 0, processes: 0 };
    const root = `/proc/${this.#leader.pid}/root`;
    const pids = listIfThere(`${root}/proc`);
    let anonymous = 0;
    let shared = 0;
    let threads = 0;
    let ticks = 0;
    for (const pid of pids) {
      const usage = parseMemoryStatus(readProcFile(`${root}/proc/${pid}/status`) ?? '');
      anonymous += usage.anonymousBytes;
      shared += usage.sharedBytes;
      threads += usage.threads;
      // utime, stime, cutime and cstime: its own, and that of all its children that have ended.
      const times = readProcessStat(pid, `${root}/proc`)?.slice(11, 15) ?? [];
      for (const time of times) ticks += Number(time);
    }
    this.#cpuMs = Math.max(this.#cpuMs, (ticks * 1000) / ticksPerSecond);
    const files = upperBytes + usedBytesOf(`${root}/dev/shm`);
    let memoryBytes = anonymous + Math.max(shared, files);
    if (this.#limits.memoryBytes !== undefined && memoryBytes > this.#limits.memoryBytes) {
      const exact = proportionalMemory(root, pids);
      if (exact !== undefined) memoryBytes = exact.anonymousBytes + Math.max(exact.sharedBytes, files);
    }
    return { memoryBytes, processes: threads };
  }

  totals(): GroupTotals {
    return { cpuMs: this.#cpuMs, oomKills: 0, refusedForks: 0 };
  }

  killAll(): void {
    if (this.#leader !== undefined) killProcess(this.#leader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.killAll();
  }
}

/** Resident anonymous and shared memory, and threads, from /proc/PID/status: kilobytes there, bytes here. */
export function parseMemoryStatus(status: string): {
  readonly anonymousBytes: number;
  readonly sharedBytes: number;
  readonly threads: number;
} {
  const number = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    anonymousBytes: number('RssAnon') * 1024,
    sharedBytes: number('RssShmem') * 1024,
    threads: number('Threads'),
  };
}

/**
 * The same with each shared page counted once: dear (it walks the page tables), so only asked when the cheap sum, which
 * counts a page that two processes share twice, is over the limit. Undefined where the kernel doesn't tell.
 */
function proportionalMemory(
  root: string,
  pids: readonly number[],
): { readonly anonymousBytes: number; readonly sharedBytes: number } | undefined {
  let anonymousBytes = 0;
  let sharedBytes = 0;
  for (const pid of pids) {
    const rollup = readProcFile(`${root}/proc/${pid}/smaps_rollup`);
    if (rollup === undefined || rollup === '') continue;
    const anonymous = /^Pss_Anon:\s+(\d+)/m.exec(rollup)?.[1];
    const shared = /^Pss_Shmem:\s+(\d+)/m.exec(rollup)?.[1];
    if (anonymous === undefined || shared === undefined) return undefined;
    anonymousBytes += Number(anonymous) * 1024;
    sharedBytes += Number(shared) * 1024;
  }
  return { anonymousBytes, sharedBytes };
}

function listIfThere(procDirectory: string): readonly number[] {
  try {
    return listProcesses(procDirectory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH') return [];
    throw error;
  }
}

function usedBytesOf(directory: string): number {
  try {
    const { bsize, blocks, bfree } = statfsSync(directory);
    return bsize * (blocks - bfree);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH') return 0;
    throw error;
  }
}
