// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  emptyAndRemove,
  groupRefused,
  killMembers,
  makeOwnDirectory,
  type OwnDirectory,
  readControl,
  sweepHierarchy,
  writeControl,
} from './cgroup-directory.ts';
import { type CgroupMount, type CgroupView, directoryOf, parseFlatKeyed } from './cgroup-files.ts';
import type {
  GroupLimits,
  GroupTotals,
  OpenedGroups,
  ResourceGroup,
  ResourceGroups,
} from './resource-group.ts';
import { readOuterUid } from './user-namespace.ts';

const controllers = ['memory', 'pids', 'cpuacct'] as const;
type Controller = (typeof controllers)[number];
type Directories = Readonly<Partial<Record<Controller, string>>>;

/**
 * cgroup v1: below this process's own cgroup of each hierarchy, or below a directory `paseka` at its top that an
 * administrator gave to this user. Only memory is indispensable.
 */
export function openCgroupV1(view: CgroupView): OpenedGroups {
  const mounts = view.mounts.filter((mount) => !mount.isV2);
  const parents: Partial<Record<Controller, string>> = {};
  const tops: Partial<Record<Controller, string>> = {};
  const owned: Partial<Record<Controller, OwnDirectory>> = {};
  let refusal: string | undefined;
  for (const controller of controllers) {
    const mount = mounts.find((candidate) => candidate.controllers.includes(controller));
    const path = view.memberships.find((membership) => membership.controllers.includes(controller))?.path;
    if (mount === undefined || path === undefined) continue;
    const candidates = [directoryOf(path, mount), join(mount.mountPoint, 'paseka')].filter(
      (one) => one !== undefined,
    );
    for (const parent of candidates) {
      const made = tryMakeOwn(parent);
      if (typeof made === 'string') {
        refusal ??= `${controller} ${parent}: ${made}`;
        continue;
      }
      parents[controller] = parent;
      tops[controller] = mount.mountPoint;
      owned[controller] = made;
      break;
    }
  }
  const memory = owned.memory;
  if (memory === undefined || readControl(join(memory.path, 'memory.limit_in_bytes')) === undefined) {
    for (const directory of Object.values(owned)) directory[Symbol.dispose]();
    if (!mounts.some((mount) => mount.controllers.includes('memory'))) {
      return { kind: 'unusable', reason: 'no cgroup v1 memory hierarchy is mounted', remedy: null };
    }
    return {
      kind: 'unusable',
      reason: `this user can't make v1 cgroups (${refusal ?? 'no limit file'})`,
      remedy: delegationCommand(mounts),
    };
  }
  return { kind: 'opened', groups: groupsOf(owned, parents.memory ?? '', tops) };
}

/** Gives the user a directory in each hierarchy; the cgroups that are made below are then the user's own. */
function delegationCommand(mounts: readonly CgroupMount[]): string {
  const directories = controllers.flatMap((controller) => {
    const mount = mounts.find((candidate) => candidate.controllers.includes(controller));
    return mount === undefined ? [] : [join(mount.mountPoint, 'paseka')];
  });
  return `sudo install -d -o ${readOuterUid()} ${directories.join(' ')}`;
}

function groupsOf(
  owned: Readonly<Partial<Record<Controller, OwnDirectory>>>,
  parent: string,
  tops: Directories,
): ResourceGroups {
  let count = 0;
  return {
    support: {
      mechanism: 'cgroup-v1',
      memory: 'exact',
      processes: owned.pids === undefined ? 'none' : 'exact',
      cpuTime: owned.cpuacct === undefined ? 'none' : 'exact',
      detail: `cgroup v1 below ${parent}`,
      remedy: null,
    },
    create(limits) {
      const name = `run-${++count}`;
      const directories: Partial<Record<Controller, string>> = {};
      try {
        for (const controller of controllers) {
          const parent = owned[controller]?.path;
          if (parent === undefined) continue;
          const directory = join(parent, name);
          mkdirSync(directory, { recursive: true }); // controllers that are mounted together have it already
          directories[controller] = directory;
        }
        setLimits(directories, limits);
      } catch (error) {
        throw groupRefused(Object.values(directories), error);
      }
      return groupOf(directories);
    },
    async sweep() {
      let swept = 0;
      for (const [controller, top] of Object.entries(tops)) {
        const count = await sweepHierarchy(top);
        if (controller === 'memory') swept = count;
      }
      return swept;
    },
    [Symbol.dispose]() {
      for (const directory of Object.values(owned)) directory[Symbol.dispose]();
    },
  };
}

function setLimits(directories: Directories, limits: GroupLimits): void {
  if (directories.memory !== undefined && limits.memoryBytes !== undefined) {
    const bytes = String(limits.memoryBytes);
    writeControl(join(directories.memory, 'memory.limit_in_bytes'), bytes);
    // Memory and swap together; there only where swap is accounted (swapaccount=1).
    writeControl(join(directories.memory, 'memory.memsw.limit_in_bytes'), bytes);
  }
  if (directories.pids !== undefined && limits.processes !== undefined) {
    writeControl(join(directories.pids, 'pids.max'), String(limits.processes));
  }
}

function groupOf(directories: Directories): ResourceGroup {
  const all = [...new Set(Object.values(directories))];
  const read = (controller: Controller, file: string): string => {
    const directory = directories[controller];
    return directory === undefined ? '' : (readControl(join(directory, file)) ?? '');
  };
  const oomKills = (): number => parseFlatKeyed(read('memory', 'memory.oom_control')).get('oom_kill') ?? 0;
  return {
    // A thread that moves itself through `tasks` needs not to wait for all other threads of the machine, as a move
    // through cgroup.procs does: 0.1 ms instead of 5-20 ms.
    entryFiles: all.map((directory) => join(directory, 'tasks')),
    attach: () => undefined,
    sample() {
      const stat = parseFlatKeyed(read('memory', 'memory.stat'));
      return { memoryBytes: (stat.get('total_rss') ?? 0) + (stat.get('total_shmem') ?? 0), processes: null };
    },
    get oomKills() {
      return oomKills();
    },
    totals(): GroupTotals {
      return {
        cpuMs: Number(read('cpuacct', 'cpuacct.usage')) / 1e6,
        oomKills: oomKills(),
        refusedForks: parseFlatKeyed(read('pids', 'pids.events')).get('max') ?? 0,
      };
    },
    killAll() {
      if (directories.memory !== undefined) killMembers(directories.memory);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map(emptyAndRemove));
    },
  };
}

function tryMakeOwn(parent: string): OwnDirectory | string {
  try {
    return makeOwnDirectory(parent);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}
