// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import {
  linkOrCopy,
  makeDirectory,
  makeTemporaryDirectory,
  removeTree,
  writeText,
} from '../../host/files.ts';
import { entryInside } from '../../host/path-inside.ts';
import type { InstallEnd, InstallRequest } from '../distribution.ts';
import type { ResolveContext } from '../resolution.ts';
import type { Root } from '../root.ts';
import { localMount, runApt } from './apt-in-root.ts';
import { archiveFileName } from './file-name.ts';

/** Says "no service may be started" to invoke-rc.d, as in every Debian builder's chroot. */
const policyScript = '#!/bin/sh\nexit 101\n';
const policyPath = 'usr/sbin/policy-rc.d';

/**
 * Installs exactly the resolved packages by the root's own apt, from files that are shown to it read-only, so that it
 * neither needs a network nor can change a file of the pool.
 */
export async function installByApt(
  root: Root,
  context: ResolveContext,
  request: InstallRequest,
): Promise<InstallEnd> {
  if (request.packages.length === 0 && request.removed.length === 0) return { kind: 'installed' };
  await using archives = await makeTemporaryDirectory(context.scratchDirectory, 'archives-');
  await makeDirectory(join(archives.path, 'partial'));
  const names: string[] = [];
  const binds = [];
  for (const chosen of request.packages) {
    if (chosen.from === 'local') {
      const target = join(localMount, chosen.fileName);
      binds.push({ source: chosen.path, target });
      names.push(target);
    } else {
      await linkOrCopy(request.pathOf(chosen), join(archives.path, archiveFileName(chosen)));
      names.push(`${chosen.name}=${chosen.version}`);
    }
  }
  names.push(...request.removed.map((name) => `${name}-`));
  await withoutServices(root);
  const result = await runApt(root, context, {
    tool: 'apt-get',
    // all that there is to fetch is there: asking again for anything else would only take time
    args: [
      ...['--yes', '--allow-downgrades', '--allow-remove-essential', '-o', 'Acquire::Retries=0'],
      ...['install', ...names],
    ],
    archives: archives.path,
    binds,
    output: 'log',
  });
  for (const path of [policyPath, ...binds.map((bind) => bind.target)]) {
    await removeTree(await entryInside(root.directory, path));
  }
  if (result.end.kind !== 'exited') return { kind: 'interrupted', end: result.end };
  if (result.end.exitCode !== 0) return { kind: 'failed', reason: installFailure(result.tail) };
  return { kind: 'installed' };
}

/** Keeps maintainer scripts from starting services for good: the root is not used for anything else. */
export async function withoutServices(root: Root): Promise<void> {
  const place = await entryInside(root.directory, policyPath);
  await removeTree(place); // it may be a link
  await writeText(place, policyScript, 0o755);
}

/** Keeps maintainer scripts from starting services as long as `use` takes. */
export async function withServicesOff<T>(root: Root, use: () => Promise<T>): Promise<T> {
  await withoutServices(root);
  try {
    return await use();
  } finally {
    await removeTree(await entryInside(root.directory, policyPath));
  }
}

/** The decisive lines of dpkg's and apt's output: which package, and what its script said. */
export function installFailure(tail: string): string {
  const lines = tail.split('\n');
  // what follows from another's failure is told less than that
  const own = lines.findIndex(
    (line, index) =>
      line.startsWith('dpkg: error processing') &&
      lines[index + 1]?.startsWith(' dependency problems') !== true,
  );
  const failing =
    own >= 0
      ? own
      : lines.findIndex((line) => /^dpkg: error processing|^dpkg: dependency problems/.test(line));
  if (failing >= 0)
    return lines
      .slice(Math.max(0, failing - 1), failing + 3)
      .join('\n')
      .trim();
  const errors = lines.filter((line) => /^E:|error:/i.test(line));
  return (errors.length > 0 ? errors : lines.filter((line) => line.trim() !== ''))
    .slice(-3)
    .join('\n')
    .trim();
}
