// SPDX-License-Identifier: GPL-2.0-or-later
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { isOpaqueDirectory } from './overlay-attributes.ts';
import { isSuccess, runProcess } from './process.ts';
import { toolEnvironment } from './tool-environment.ts';
import { isWhiteout, walkTree } from './tree-walk.ts';

/**
 * Copies a tree over `target` (existing) with all that a file has: owner, mode, times, links among its files, attributes,
 * holes, devices. Blocks are shared with the source, copy-on-write, where the file system can (btrfs, xfs); no inode
 * ever is. A layer over others (`over`) may hold an overlay's whiteouts and opaque directories: they take effect.
 * Throws PasekaError disk-full, tool-failed.
 */
export async function cloneTree(
  source: string,
  target: string,
  options: { readonly over: boolean },
): Promise<void> {
  const whiteouts = options.over ? await clearBelow(source, target) : [];
  const { end, stderr } = await runProcess({
    command: [
      'cp',
      '--archive',
      '--reflink=auto',
      '--sparse=auto',
      '--remove-destination',
      '-T',
      '--',
      source,
      target,
    ],
    environment: toolEnvironment(),
  });
  if (!isSuccess(end)) {
    const full = /No space left|Disk quota exceeded/.test(stderr);
    throw new PasekaError(
      full ? 'disk-full' : 'tool-failed',
      `copying ${source} failed: ${stderr.trim().split('\n')[0] ?? end.kind}`,
      full ? 'free some space (paseka gc), or use --state-dir on a larger disk' : `look at ${source}`,
    );
  }
  for (const path of whiteouts) await rm(join(target, path));
}

/** Removes from `target` what the layer deletes or replaces by something of another kind; returns its whiteouts. */
async function clearBelow(layer: string, target: string): Promise<readonly string[]> {
  const whiteouts: string[] = [];
  for await (const { path, stats } of walkTree(layer)) {
    if (isWhiteout(stats)) whiteouts.push(path);
    const merges =
      stats.isDirectory() &&
      !isOpaqueDirectory(join(layer, path)) &&
      (await isPlainDirectory(join(target, path)));
    if (!merges) await rm(join(target, path), { recursive: true, force: true });
  }
  return whiteouts;
}

/** A link to a directory is none: copying must not go through it. */
async function isPlainDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}
