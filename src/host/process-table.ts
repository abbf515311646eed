// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, readFileSync } from 'node:fs';

/** What proc(5) says of processes. A process that is gone is an ordinary answer, never an error. */

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot. */
  readonly startTime: string;
}

/** The fields of /proc/PID/stat from the third one on: index 0 is the state. Undefined where there is no such process. */
export function readProcessStat(
  pid: number | string,
  procDirectory = '/proc',
): readonly string[] | undefined {
  const text = readProcFile(`${procDirectory}/${pid}/stat`);
  return text === undefined ? undefined : parseProcessStat(text);
}

/** Splits /proc/PID/stat; the second field, the name, may hold anything, spaces and parentheses included. */
export function parseProcessStat(text: string): readonly string[] {
  return text
    .slice(text.lastIndexOf(')') + 2)
    .trimEnd()
    .split(' ');
}

export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startTime = readProcessStat(pid)?.[19];
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether that very process still runs; a zombie doesn't. */
export function isRunning(identity: ProcessIdentity): boolean {
  const stat = readProcessStat(identity.pid);
  return stat !== undefined && stat[19] === identity.startTime && stat[0] !== 'Z' && stat[0] !== 'X';
}

/** SIGKILL to that very process, if it still runs. */
export function killProcess(identity: ProcessIdentity): void {
  signalProcess(identity, 'SIGKILL');
}

/** A signal to that very process; false where it no longer runs. Throws Node's EPERM. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** The children that a process's main thread made, running or zombie. */
export function childrenOf(pid: number): readonly number[] {
  const listed = readProcFile(`/proc/${pid}/task/${pid}/children`);
  if (listed !== undefined) return listed.split(' ').filter(Boolean).map(Number);
  // No such file: the process is gone, or the kernel was built without CONFIG_PROC_CHILDREN.
  if (readProcessStat(pid) === undefined) return [];
  return listProcesses().filter((other) => readProcessStat(other)?.[1] === String(pid));
}

/** The process that started this one, the one that started that, and so on, as far as /proc shows them. */
export function ancestorsOf(pid: number): readonly number[] {
  const ancestors: number[] = [];
  for (let parent = parentOf(pid); parent > 0; parent = parentOf(parent)) ancestors.push(parent);
  return ancestors;
}

function parentOf(pid: number): number {
  return Number(readProcessStat(pid)?.[1] ?? 0);
}

/** All process numbers of a procfs. */
export function listProcesses(procDirectory = '/proc'): readonly number[] {
  return readdirSync(procDirectory)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A file of procfs; undefined where it or its process is gone. */
export function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}
