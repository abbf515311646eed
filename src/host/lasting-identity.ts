// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-table.ts';

/** A process that can't be mistaken for another one, not even for one after the next start of the machine. */
export interface LastingIdentity extends ProcessIdentity {
  readonly bootId: string;
}

/** This process; the same after execve(2). */
export function lastingIdentity(): LastingIdentity {
  return { ...(identifyProcess(process.pid) ?? { pid: process.pid, startTime: '' }), bootId: bootId() };
}

/** Whether that very process still runs. */
export function isStillRunning(identity: LastingIdentity): boolean {
  return identity.bootId === bootId() && isRunning(identity);
}

/** Random at each start of the machine (random(4)). */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
