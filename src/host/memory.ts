// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

export interface HostMemory {
  readonly totalBytes: number;
  /** What can be taken without swapping: MemAvailable. */
  readonly availableBytes: number;
}

/** Reads /proc/meminfo (proc(5)). */
export function hostMemory(): HostMemory {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { totalBytes: bytes('MemTotal'), availableBytes: bytes('MemAvailable') };
}
