// SPDX-License-Identifier: GPL-2.0-or-later
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './files.ts';
import { isWhiteout, walkTree } from './tree-walk.ts';

/** When something of an inode last changed, in nanoseconds since the epoch: no program can set it back. */
export type ChangeTimes = ReadonlyMap<string, bigint>;

/** The change times of some entries, as {@link listWritten} compares them. */
export async function changeTimes(root: string, paths: readonly string[]): Promise<ChangeTimes> {
  const times = new Map<string, bigint>();
  for (const path of paths) times.set(path, (await lstat(join(root, path), { bigint: true })).ctimeNs);
  return times;
}

/**
 * What an overlay's upper holds, as absolute paths inside the root, sorted: all that was made or changed, and the
 * directories above it. Deletions are not among them, nor what is as `unchangedSince` has it.
 */
export async function listUpper(upper: string, unchangedSince: ChangeTimes): Promise<readonly string[]> {
  const written: string[] = [];
  for await (const { path, stats } of walkTree(upper)) {
    if (!isWhiteout(stats) && unchangedSince.get(path) !== stats.ctimeNs) written.push(`/${path}`);
  }
  return written.sort();
}

/** The change times of a whole tree. */
export async function treeChangeTimes(root: string): Promise<ChangeTimes> {
  const times = new Map<string, bigint>();
  for await (const { path, stats } of walkTree(root)) times.set(path, stats.ctimeNs);
  return times;
}

/** Those of `paths` (absolute inside) that none of the lower directories has, themselves being no way through a link. */
export async function absentFrom(
  lower: readonly string[],
  paths: readonly string[],
): Promise<readonly string[]> {
  const absent: string[] = [];
  for (const path of paths) {
    const found = await Promise.all(lower.map((directory) => isThere(join(directory, path))));
    if (!found.includes(true)) absent.push(path);
  }
  return absent;
}

async function isThere(path: string): Promise<boolean> {
  try {
    return !isWhiteout(await lstat(path, { bigint: true }));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
