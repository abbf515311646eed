// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  emptyAndRemove,
  groupRefused,
  killMembers,
  makeOwnDirectory,
  type OwnDirectory,
  readControl,
  readMembers,
  sweepHierarchy,
  writeControl,
} from './cgroup-directory.ts';
import { type CgroupMount, type CgroupView, directoryOf, parseFlatKeyed } from './cgroup-files.ts';
import { readExtendedAttribute } from './libc.ts';
import { ancestorsOf } from './process-table.ts';
import type {
  GroupLimits,
  GroupTotals,
  OpenedGroups,
  ResourceGroup,
  ResourceGroups,
} from './resource-group.ts';
import { readOuterUid } from './user-namespace.ts';

/** Where this process and those that started it go, because a cgroup with controllers below it may hold none itself. */
const supervisorName = 'paseka-supervisor';

/**
 * cgroup v2 (admin-guide/cgroup-v2.rst). The groups are made
 * - below this process's own cgroup, where systemd delegated that (user.delegate; systemd.resource-control(5)), or
 * - below the top of the hierarchy for root of the machine, as other container managers without systemd do, or
 * - below the top of the cgroup namespace, in a container that can write there.
 *
 * Tested on Linux 6.1 (nsdelegate, memory_recursiveprot): by root over the whole hierarchy, and in a part with systemd's
 * mark of delegation that the test makes; the files' meaning on other kernels is as documented.
 *
 * Why not memory.peak: it counts page cache, which the kernel gives back, and which is nobody's need. Why cgroup.procs and
 * no threads: a process enters as its only thread.
 */
export function openCgroupV2(view: CgroupView): OpenedGroups {
  const mount = view.mounts.find((candidate) => candidate.isV2);
  const path = view.memberships.find((membership) => membership.isV2)?.path;
  const unusable = (reason: string, remedy: string | null = null): OpenedGroups => ({
    kind: 'unusable',
    reason,
    remedy,
  });
  if (mount === undefined || path === undefined) return unusable('cgroup v2 is not mounted');
  if (!listed(mount.mountPoint, 'cgroup.controllers').includes('memory')) {
    return unusable('the cgroup v2 hierarchy has no memory controller');
  }
  const place = findPlace(mount, path);
  if (place === undefined) return unusable('this login has no delegated cgroup', delegationCommand());
  try {
    const missing = enableControllers(place);
    if (missing !== undefined) return unusable(missing, delegationCommand());
    using undo = new DisposableStack();
    const own = undo.use(makeOwnDirectory(place));
    enableControllers(own.path);
    const groups = groupsOf(own, place, mount.mountPoint);
    undo.move();
    return { kind: 'opened', groups };
  } catch (error) {
    return unusable(
      `no cgroup can be made below ${place} (${(error as Error).message})`,
      delegationCommand(),
    );
  }
}

function delegationCommand(): string {
  return `systemd-run ${readOuterUid() === 0 ? '' : '--user '}--scope -p Delegate=yes paseka …`;
}

function findPlace(mount: CgroupMount, path: string): string | undefined {
  const own = directoryOf(path, mount);
  if (own !== undefined) {
    if (basename(own) === supervisorName) return dirname(own);
    const isDelegated = ['user.delegate', 'trusted.delegate'].some(
      (name) => readExtendedAttribute(own, name) === '1',
    );
    if (isDelegated) return own;
  }
  // Only the top of the whole hierarchy has no cgroup.type. Elsewhere the mount point is a container's top.
  const isWholeHierarchy = !existsSync(join(mount.mountPoint, 'cgroup.type'));
  return isWholeHierarchy || own === mount.mountPoint ? mount.mountPoint : undefined;
}

/** Makes memory and pids available to the children of a cgroup; the reason where that can't be. */
function enableControllers(directory: string): string | undefined {
  const wanted = ['memory', 'pids'].filter((name) => listed(directory, 'cgroup.controllers').includes(name));
  if (!wanted.includes('memory')) return `the memory controller is not available in ${directory}`;
  const isEnabled = (): boolean => {
    const enabled = listed(directory, 'cgroup.subtree_control');
    return wanted.every((name) => enabled.includes(name));
  };
  if (isEnabled()) return undefined;
  const request = wanted.map((name) => `+${name}`).join(' ');
  try {
    writeControl(join(directory, 'cgroup.subtree_control'), request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    if (!makeRoom(directory)) return `other processes than this program's live in ${directory}`;
    writeControl(join(directory, 'cgroup.subtree_control'), request);
  }
  return undefined;
}

/** Moves this process and those that started it into a leaf; false, and nothing moved, where there are others too. */
function makeRoom(directory: string): boolean {
  const ours = new Set([process.pid, ...ancestorsOf(process.pid)]);
  const members = readMembers(directory);
  if (!members.every((pid) => ours.has(pid))) return false;
  const leaf = join(directory, supervisorName);
  mkdirSync(leaf, { recursive: true });
  for (const pid of members) writeControl(join(leaf, 'cgroup.procs'), String(pid));
  return true;
}

function groupsOf(own: OwnDirectory, parent: string, top: string): ResourceGroups {
  let count = 0;
  return {
    support: {
      mechanism: 'cgroup-v2',
      memory: 'exact',
      processes: listed(own.path, 'cgroup.subtree_control').includes('pids') ? 'exact' : 'none',
      cpuTime: 'exact',
      detail: `cgroup v2 below ${parent}`,
      remedy: null,
    },
    create(limits) {
      const directory = join(own.path, `run-${++count}`);
      try {
        mkdirSync(directory);
        setLimits(directory, limits);
      } catch (error) {
        throw groupRefused([directory], error);
      }
      return groupOf(directory);
    },
    sweep: () => sweepHierarchy(top),
    [Symbol.dispose]: () => own[Symbol.dispose](),
  };
}

function setLimits(directory: string, limits: GroupLimits): void {
  if (limits.memoryBytes !== undefined) {
    writeControl(join(directory, 'memory.max'), String(limits.memoryBytes));
    writeControl(join(directory, 'memory.swap.max'), '0'); // swap is counted apart, and would come on top of the limit
    writeControl(join(directory, 'memory.oom.group'), '1');
  }
  if (limits.processes !== undefined) writeControl(join(directory, 'pids.max'), String(limits.processes));
}

function groupOf(directory: string): ResourceGroup {
  const read = (file: string): ReadonlyMap<string, number> =>
    parseFlatKeyed(readControl(join(directory, file)) ?? '');
  const oomKills = (): number => read('memory.events').get('oom_kill') ?? 0;
  return {
    entryFiles: [join(directory, 'cgroup.procs')],
    attach: () => undefined,
    sample() {
      const stat = read('memory.stat');
      return { memoryBytes: (stat.get('anon') ?? 0) + (stat.get('shmem') ?? 0), processes: null };
    },
    get oomKills() {
      return oomKills();
    },
    totals(): GroupTotals {
      return {
        cpuMs: (read('cpu.stat').get('usage_usec') ?? 0) / 1000,
        oomKills: oomKills(),
        refusedForks: read('pids.events').get('max') ?? 0,
      };
    },
    killAll: () => killMembers(directory),
    [Symbol.asyncDispose]: () => emptyAndRemove(directory),
  };
}

function listed(directory: string, file: string): readonly string[] {
  return (readControl(join(directory, file)) ?? '').trim().split(' ').filter(Boolean);
}
