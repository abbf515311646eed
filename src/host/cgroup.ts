// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { openCgroupV1 } from './cgroup-v1.ts';
import { openCgroupV2 } from './cgroup-v2.ts';
import { sampledGroups } from './process-sampler.ts';
import type { ResourceGroups } from './resource-group.ts';

/**
 * The best mechanism that this host offers: cgroup v2, else v1, else sampling. Sweeping is the caller's. Tested for real are v1 and
 * sampling, v2 against files like the kernel's and, without controllers, against the kernel.
 */
export function openResourceGroups(sources: CgroupSources = readSources()): ResourceGroups {
  const v2 = openCgroupV2(sources);
  if (v2.kind === 'opened') return v2.groups;
  const v1 = openCgroupV1(sources);
  if (v1.kind === 'opened') return v1.groups;
  return sampledGroups(`${v2.reason}; ${v1.reason}`, v2.remedy ?? v1.remedy);
}

/** Where to look: /proc/self/cgroup and /proc/self/mountinfo; tests give their own. */
export interface CgroupSources {
  readonly memberships: string;
  readonly mountinfo: string;
}

function readSources(): CgroupSources {
  return {
    memberships: readFileSync('/proc/self/cgroup', 'utf8'),
    mountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
  };
}
