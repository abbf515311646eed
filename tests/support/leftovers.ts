// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDedicatedMachine } from './dedicated-machine.ts';

/** What a program can leave behind on a machine, each thing a line for people. */
export interface Traces {
  readonly mounts: readonly string[];
  readonly processes: readonly string[];
  readonly cgroups: readonly string[];
  readonly directories: readonly string[];
}

/**
 * Lists what is there now of those who work in `directory`, which must be nobody else's: what stands in it, mounts that
 * name it, this process's children and all processes that name it or have a mount namespace of their own with a mount
 * that does; also the program's cgroups that it has died without removing. On a dedicated machine also what the program
 * and its tools put where temporary files go; elsewhere that could be anybody's.
 */
export function findTraces(directory: string): Traces {
  const sharedPlaces = isDedicatedMachine() ? ['/tmp', '/var/tmp', '/run', '/dev/shm'] : [];
  return {
    mounts: linesWith(readFileSync('/proc/self/mountinfo', 'utf8'), directory),
    processes: findProcesses(directory),
    cgroups: cgroupHierarchies().flatMap((hierarchy) => findCgroups(hierarchy)),
    directories: [
      ...names(directory).map((name) => join(directory, name)),
      ...sharedPlaces.flatMap((place) =>
        names(place)
          .filter((name) => /^\.?(paseka|mmdebstrap|apt)\b/.test(name) && !/^paseka-(test|tally)-/.test(name))
          .map((name) => join(place, name)),
      ),
    ],
  };
}

/**
 * What is in the traces `now` and was not `before`. Waits up to `patienceMs` for it to go, since the kernel takes apart
 * what killed processes held after their death is told.
 */
export async function findLeftovers(
  directory: string,
  before: Traces,
  patienceMs: number,
): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const now = findTraces(directory);
    const left = (['mounts', 'processes', 'cgroups', 'directories'] as const).flatMap((kind) =>
      now[kind].filter((line) => !before[kind].includes(line)).map((line) => `${kind}: ${line}`),
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function findProcesses(directory: string): string[] {
  const ourMountNamespace = linkOrEmpty('/proc/self/ns/mnt');
  return names('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const stat = readOrEmpty(`/proc/${pid}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parent) === process.pid) return state !== 'Z';
      const hasOwnMounts = linkOrEmpty(`/proc/${pid}/ns/mnt`) !== ourMountNamespace;
      return [
        readOrEmpty(`/proc/${pid}/cmdline`),
        linkOrEmpty(`/proc/${pid}/cwd`),
        linkOrEmpty(`/proc/${pid}/root`),
        hasOwnMounts ? readOrEmpty(`/proc/${pid}/mountinfo`) : '',
      ].some((text) => text.includes(directory));
    })
    .map((pid) => `${pid} ${readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()}`);
}

/** The mount points of version 1's memory and pids hierarchies and of version 2, those that are there. */
function cgroupHierarchies(): string[] {
  return ['memory', 'pids', 'unified', '.']
    .map((name) => join('/sys/fs/cgroup', name))
    .filter((path) => existsSync(join(path, 'cgroup.procs')));
}

/** The program names its groups `paseka-PID-STARTTIME`. */
function findCgroups(group: string): string[] {
  return childGroups(group).flatMap((path) => {
    const pid = /^paseka-(\d+)-/.exec(basename(path))?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`) ? [path] : findCgroups(path);
  });
}

function childGroups(group: string): string[] {
  return readdirSafely(group)
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(group, entry.name));
}

function linesWith(text: string, word: string): string[] {
  return text.split('\n').filter((line) => line.includes(word));
}

function names(directory: string): string[] {
  return readdirSafely(directory).map((entry) => entry.name);
}

function readdirSafely(directory: string): { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // gone meanwhile, or not ours to read
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone, or another user's
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // as above
  }
}
