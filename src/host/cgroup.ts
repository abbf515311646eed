// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { type CgroupSources, parseCgroupView } from './cgroup-files.ts';
import { openCgroupV1 } from './cgroup-v1.ts';
import { openCgroupV2 } from './cgroup-v2.ts';
import { sampledGroups } from './process-sampler.ts';
import type { ResourceGroups } from './resource-group.ts';

/** The best mechanism that this host offers: cgroup v2, else v1, else sampling. Sweeping is the caller's. */
export function openResourceGroups(sources: CgroupSources = readSources()): ResourceGroups {
  const view = parseCgroupView(sources);
  const v2 = openCgroupV2(view);
  if (v2.kind === 'opened') return v2.groups;
  const v1 = openCgroupV1(view);
  if (v1.kind === 'opened') return v1.groups;
  return sampledGroups(`${v2.reason}; ${v1.reason}`, v2.remedy ?? v1.remedy);
}

function readSources(): CgroupSources {
  return {
    memberships: readFileSync('/proc/self/cgroup', 'utf8'),
    mountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
  };
}
