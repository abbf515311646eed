// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

/** Shares of the last ten seconds, 0 to 1, in which some process waited for processors, memory or disks. */
export interface HostPressure {
  readonly cpu: number;
  readonly memory: number;
  readonly io: number;
}

/**
 * Pressure stall information of the whole host (Documentation/accounting/psi.rst); undefined on kernels without
 * (CONFIG_PSI, or `psi=0`). Where a container hides the host's own, this is what its kernel shows.
 */
export function readPressure(): HostPressure | undefined {
  const [cpu, memory, io] = (['cpu', 'memory', 'io'] as const).map(readAverage);
  return cpu === undefined || memory === undefined || io === undefined ? undefined : { cpu, memory, io };
}

function readAverage(resource: string): number | undefined {
  try {
    return parsePressure(readFileSync(`/proc/pressure/${resource}`, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EOPNOTSUPP') return undefined;
    throw error;
  }
}

/** The share of `some avg10=4.23 avg60=… `; undefined where there is no such line. */
export function parsePressure(text: string): number | undefined {
  const percent = /^some avg10=(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  return percent === undefined ? undefined : Number(percent) / 100;
}
