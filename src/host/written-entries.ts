// SPDX-License-Identifier: GPL-2.0-or-later
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isWhiteout, statsIfThere, walkTree } from './tree-walk.ts';

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

/**
 * Those of `paths` (absolute inside, sorted) that none of the lower directories has, themselves being no way through a
 * link. Nothing is looked for in a directory that isn't there.
 */
export async function absentFrom(
  lower: readonly string[],
  paths: readonly string[],
): Promise<readonly string[]> {
  const absent = new Set<string>();
  for (const [index, path] of paths.entries()) {
    if (index % 256 === 255) await setImmediate();
    const isAbsent = absent.has(dirname(path)) || !lower.some((directory) => isThere(join(directory, path)));
    if (isAbsent) absent.add(path);
  }
  return [...absent];
}

function isThere(path: string): boolean {
  const stats = statsIfThere(path);
  return stats !== undefined && !isWhiteout(stats);
}
