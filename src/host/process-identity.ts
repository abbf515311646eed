// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

/** `PID-START` of this process, START in clock ticks since boot: the same across execve(2), unique on this host. */
export function processIdentity(): string {
  return `${process.pid}-${startTicks()}`;
}

/** Field 22 of /proc/self/stat (proc(5)). */
export function startTicks(): string {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[19] ?? '0';
}
