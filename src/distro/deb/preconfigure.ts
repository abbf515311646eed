// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { linkOrCopy, makeTemporaryDirectory, writeText } from '../../host/files.ts';
import type { CommandEnd, Root } from '../root.ts';
import { localMount, repeatableEnvironment } from './apt-in-root.ts';
import type { RootView } from './link/file-plan.ts';

const tools = {
  preconfigure: '/usr/sbin/dpkg-preconfigure',
  hook: '/etc/apt/apt.conf.d/70debconf',
  /** In apt-utils until apt 2.9, then in apt itself, and so in every root. */
  extract: ['/usr/lib/apt/apt-extracttemplates', '/usr/bin/apt-extracttemplates'],
} as const;

/** Whether apt has debconf ask the questions of all packages before it unpacks the first one (dpkg-preconfigure(8)). */
export function asksBeforeUnpacking(view: Pick<RootView, 'kindOf'>): boolean {
  const isThere = (path: string): boolean => view.kindOf(path) !== 'absent';
  return isThere(tools.preconfigure) && isThere(tools.hook) && tools.extract.some(isThere);
}

export interface Preconfiguration {
  /** dpkg's, of what is installed before. */
  readonly status: string;
  /** Packages with questions. */
  readonly archives: readonly { readonly name: string; readonly path: string }[];
  /** An existing directory for files that are shown to the root. */
  readonly scratchDirectory: string;
}

/**
 * Asks them as apt would, and nobody answers. What is unpacked already does not count as there. Whether it succeeds is of no
 * importance, as it is for apt: each package's own configuration asks again. Gives how the command ended where it was stopped.
 */
export async function preconfigure(
  root: Root,
  { status, archives, scratchDirectory }: Preconfiguration,
): Promise<CommandEnd | undefined> {
  await using shown = await makeTemporaryDirectory(scratchDirectory, 'questions-');
  const before = join(shown.path, 'status');
  const settings = join(shown.path, 'apt.conf');
  await writeText(before, status);
  await writeText(settings, 'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n');
  const names: string[] = [];
  for (const { name, path } of archives) {
    await linkOrCopy(path, join(shown.path, name));
    names.push(join(localMount, name));
  }
  const { end } = await root.run({
    command: [tools.preconfigure, ...names],
    identity: 'root',
    environment: { ...repeatableEnvironment, APT_CONFIG: join(localMount, 'apt.conf') },
    binds: [
      { source: shown.path, target: localMount },
      { source: before, target: '/var/lib/dpkg/status' },
    ],
    skipsSleep: true,
    output: 'log',
  });
  return end.kind === 'exited' ? undefined : end;
}
