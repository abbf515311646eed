// SPDX-License-Identifier: GPL-2.0-or-later
import { chmodSync, chownSync, constants, linkSync, mkdirSync, statSync } from 'node:fs';
import { chmod, copyFile, lchown, lstat, readlink, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskFull, isErrno } from './files.ts';

/** A tree to be made of new directories and further names of files that are there. */
export interface LinkTree {
  /** Parents before children; paths are absolute inside. The first may be `/`, the target itself. */
  readonly directories: readonly {
    readonly path: string;
    /** Permission bits. */
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  }[];
  /** `source` is outside, and on the target's file system where it is to cost nothing. */
  readonly links: readonly { readonly path: string; readonly source: string }[];
}

/** So many entries are made before others get their turn: half a hundredth of a second. */
const entriesAtOnce = 1000;

/**
 * Makes the tree at `target` (existing, empty). A file that can have no further name (another file system, as many names
 * as it may have) is copied. Node's asynchronous link costs ten times the call itself, so these are synchronous.
 * Throws PasekaError disk-full, and Node's ENOENT where a source is gone.
 */
export async function linkTree(target: string, tree: LinkTree): Promise<void> {
  for (const [index, directory] of tree.directories.entries()) {
    if (index % entriesAtOnce === entriesAtOnce - 1) await turn();
    try {
      makeDirectory(join(target, directory.path), directory);
    } catch (error) {
      throw asDiskFull(error, target);
    }
  }
  for (const [index, { path, source }] of tree.links.entries()) {
    if (index % entriesAtOnce === entriesAtOnce - 1) await turn();
    try {
      linkSync(source, join(target, path));
    } catch (error) {
      if (!isErrno(error, 'EXDEV', 'EMLINK')) throw asDiskFull(error, target);
      await copyEntry(source, join(target, path));
    }
  }
}

function makeDirectory(path: string, wanted: LinkTree['directories'][number]): void {
  if (wanted.path !== '/') mkdirSync(path, { mode: wanted.mode });
  const { mode, uid, gid } = statSync(path);
  if (uid !== wanted.uid || gid !== wanted.gid) chownSync(path, wanted.uid, wanted.gid);
  if ((mode & 0o7777) !== wanted.mode) chmodSync(path, wanted.mode);
}

async function copyEntry(source: string, target: string): Promise<void> {
  const { uid, gid, atime, mtime, mode } = await lstat(source);
  const isLink = (mode & constants.S_IFMT) === constants.S_IFLNK;
  if (isLink) {
    await symlink(await readlink(source), target);
  } else {
    await copyFile(source, target);
  }
  await lchown(target, uid, gid);
  if (isLink) return;
  await chmod(target, mode & 0o7777);
  await utimes(target, atime, mtime);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
