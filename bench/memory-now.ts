// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

/** The machine's memory at a moment, in bytes. Others use it too: take the median of several differences. */
export interface MemoryNow {
  readonly available: number;
  /** Files in tmpfs. */
  readonly shared: number;
  /** What the kernel holds for itself: inodes, directory entries, mounts. */
  readonly slab: number;
}

export function memoryNow(): MemoryNow {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { available: bytes('MemAvailable'), shared: bytes('Shmem'), slab: bytes('Slab') };
}

/** Proportional set size of a process (smaps_rollup), 0 where it is gone. */
export function processMemory(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
