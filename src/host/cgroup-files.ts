// SPDX-License-Identifier: GPL-2.0-or-later

/** Parsers of the kernel's cgroup files (cgroups(7), admin-guide/cgroup-v1 and cgroup-v2.rst). Pure. */

/** Where to look for cgroups: the texts of /proc/self/cgroup and /proc/self/mountinfo. */
export interface CgroupSources {
  readonly memberships: string;
  readonly mountinfo: string;
}

/** What they say. */
export interface CgroupView {
  readonly memberships: readonly CgroupMembership[];
  readonly mounts: readonly CgroupMount[];
}

export function parseCgroupView(sources: CgroupSources): CgroupView {
  return {
    memberships: parseMemberships(sources.memberships),
    mounts: parseCgroupMounts(sources.mountinfo),
  };
}

/** A line of /proc/PID/cgroup. */
export interface CgroupMembership {
  /** Empty for cgroup v2; `name=…` hierarchies have no controller. */
  readonly controllers: readonly string[];
  readonly isV2: boolean;
  /** From the root of the cgroup namespace, beginning with `/`. */
  readonly path: string;
}

export function parseMemberships(text: string): readonly CgroupMembership[] {
  return lines(text).map((line) => {
    const [id = '', names = '', ...path] = line.split(':');
    return {
      controllers: names.split(',').filter(Boolean),
      isV2: id === '0' && names === '',
      path: path.join(':'),
    };
  });
}

/** A mounted hierarchy, from /proc/PID/mountinfo. */
export interface CgroupMount {
  readonly isV2: boolean;
  readonly controllers: readonly string[];
  /** Which cgroup of the hierarchy stands at the mount point. */
  readonly root: string;
  readonly mountPoint: string;
  readonly isReadOnly: boolean;
}

/** In the order of mounting. The line's format is in proc_pid_mountinfo(5). */
export function parseCgroupMounts(mountinfo: string): readonly CgroupMount[] {
  return lines(mountinfo).flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', mountPoint = '', options = ''] = before.split(' ');
    const [type, , superOptions = ''] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    return [
      {
        isV2: type === 'cgroup2',
        controllers:
          type === 'cgroup2' ? [] : superOptions.split(',').filter((option) => knownControllers.has(option)),
        root: unescapeOctal(root),
        mountPoint: unescapeOctal(mountPoint),
        isReadOnly: options.split(',').includes('ro'),
      },
    ];
  });
}

/**
 * The directory of a cgroup, as seen through a mount; undefined where the mount shows another part of the hierarchy
 * (a container that was given only its own part, under the whole one's name).
 */
export function directoryOf(membershipPath: string, mount: CgroupMount): string | undefined {
  if (mount.root === '/') return join(mount.mountPoint, membershipPath);
  if (membershipPath === mount.root) return mount.mountPoint;
  if (!membershipPath.startsWith(`${mount.root}/`)) return undefined;
  return join(mount.mountPoint, membershipPath.slice(mount.root.length));
}

/** `key value` lines (memory.stat, memory.events, cpu.stat, memory.oom_control, pids.events); others are left out. */
export function parseFlatKeyed(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of lines(text)) {
    const [key = '', value = ''] = line.split(' ');
    if (/^\d+$/.test(value)) values.set(key, Number(value));
  }
  return values;
}

const knownControllers: ReadonlySet<string> = new Set(['memory', 'pids', 'cpuacct', 'cpu', 'freezer']);

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function join(directory: string, path: string): string {
  return path === '/' ? directory : `${directory}${path}`;
}
