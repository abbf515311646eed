// SPDX-License-Identifier: GPL-2.0-or-later
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PasekaError } from '../base/paseka-error.ts';
import { tryLock } from './libc.ts';
import { identifyProcess } from './process-table.ts';

/**
 * Directories of a cgroup hierarchy, v1 or v2. Each process of this program has one of its own,
 * `paseka-PID-STARTTIME`, with the groups of its tasks below. It holds a lock on it: what isn't locked is left over
 * from a process that died. (A PID alone can't tell, when the processes live in different PID namespaces.)
 */
export interface OwnDirectory extends Disposable {
  readonly path: string;
}

const ownName = /^paseka-\d+-\d+$/;

/** Makes and locks this process's own directory. Throws Node's errors where the kernel refuses. */
export function makeOwnDirectory(parent: string): OwnDirectory {
  const startTime = identifyProcess(process.pid)?.startTime ?? '0';
  for (let count = 0; ; count++) {
    const path = join(parent, `paseka-${process.pid}-${startTime}${count === 0 ? '' : String(count)}`);
    const fd = makeLocked(path);
    if (fd === undefined) continue;
    return {
      path,
      [Symbol.dispose]() {
        closeSync(fd);
        for (const child of childDirectories(path)) removeNow(child);
        removeNow(path);
      },
    };
  }
}

/**
 * Kills and removes what dead processes left anywhere below `top`, as far as this process may; returns how many groups
 * these were. Anywhere, for the next process may be started in another session, with another cgroup of its own.
 */
export async function sweepHierarchy(top: string): Promise<number> {
  let swept = 0;
  for (const path of childDirectories(top)) {
    swept += ownName.test(basename(path)) ? await sweepOwn(path) : await sweepHierarchy(path);
  }
  return swept;
}

async function sweepOwn(path: string): Promise<number> {
  const fd = openDirectory(path);
  if (fd === undefined) return 0;
  try {
    if (!tryLock(fd)) return 0;
    const groups = childDirectories(path);
    for (const group of groups) await emptyAndRemove(group);
    await emptyAndRemove(path);
    return groups.length;
  } finally {
    closeSync(fd);
  }
}

/**
 * Kills what is in a cgroup until it is empty, and removes it. A killed process leaves its cgroup only when it has
 * exited, which may take a moment; what still can't be removed after some seconds is left to a later sweep.
 */
export async function emptyAndRemove(path: string): Promise<void> {
  for (let waitMs = 1; waitMs <= 2048; waitMs *= 2) {
    if (removeNow(path) !== 'busy') return;
    killMembers(path);
    await delay(waitMs);
  }
}

/** For a group that the kernel refused: removes what was made of it, and gives the error to throw. */
export function groupRefused(directories: readonly string[], cause: unknown): PasekaError {
  for (const directory of directories) void emptyAndRemove(directory);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PasekaError('sandbox-failed', `can't make a cgroup: ${why}`, 'run `paseka doctor`', cause);
}

/** SIGKILL to all members: by cgroup.kill (v2, Linux 5.14), which misses no fork, else one by one. */
export function killMembers(path: string): void {
  if (writeControl(join(path, 'cgroup.kill'), '1')) return;
  for (const pid of readMembers(path)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The processes in a cgroup; those that another PID namespace hides are 0 in the file and not listed. */
export function readMembers(path: string): readonly number[] {
  return (readControl(join(path, 'cgroup.procs')) ?? '')
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** A control file's text; undefined where it isn't there, or its cgroup is gone. */
export function readControl(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'EACCES' || code === 'EOPNOTSUPP')
      return undefined;
    throw error;
  }
}

/** Writes a control file; false where there is none. Other refusals are thrown. */
export function writeControl(path: string, value: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_WRONLY); // some of them can't be opened for reading too
    writeSync(fd, value);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV') return false;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Makes a directory and locks it; undefined where a sweep or another thread of this process was quicker. */
function makeLocked(path: string): number | undefined {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  const fd = openDirectory(path);
  if (fd === undefined) return undefined;
  if (tryLock(fd) && isStillThere(path, fd)) return fd;
  closeSync(fd);
  return undefined;
}

function openDirectory(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'EACCES') return undefined;
    throw error;
  }
}

function isStillThere(path: string, fd: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino;
}

function childDirectories(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return [];
    throw error;
  }
}

function removeNow(path: string): 'gone' | 'busy' | 'refused' {
  try {
    rmdirSync(path);
    return 'gone';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'gone';
    if (code === 'EBUSY') return 'busy';
    if (code === 'EACCES' || code === 'EPERM' || code === 'ENOTEMPTY') return 'refused';
    throw error;
  }
}
