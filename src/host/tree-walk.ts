// SPDX-License-Identifier: GPL-2.0-or-later
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isErrno } from './files.ts';

export interface TreeEntry {
  /** Relative to the walk's start, without a leading slash; never empty. */
  readonly path: string;
  readonly stats: BigIntStats;
}

/** So many entries take a millisecond; one at a time by other threads they take ten. */
const entriesAtOnce = 256;

/**
 * Every entry below a directory, parents before children; what vanishes meanwhile is passed over. Follows no link. Others get
 * their turn now and then.
 */
export async function* walkTree(root: string): AsyncGenerator<TreeEntry> {
  const pending: string[] = [''];
  let count = 0;
  for (let relative = pending.pop(); relative !== undefined; relative = pending.pop()) {
    const directory = join(root, relative);
    for (const name of unlessGone(() => readdirSync(directory)) ?? []) {
      if (++count % entriesAtOnce === 0) await setImmediate();
      const stats = unlessGone(() => lstatSync(join(directory, name), { bigint: true }));
      if (stats === undefined) continue;
      const path = join(relative, name);
      if (stats.isDirectory()) pending.push(path);
      yield { path, stats };
    }
  }
}

/** Undefined where there is nothing at the path. */
export function statsIfThere(path: string): BigIntStats | undefined {
  return unlessGone(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whether an entry of an overlay's upper stands for a deletion: a character device 0:0. */
export function isWhiteout(stats: BigIntStats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0n;
}

/** Bytes that a tree takes on its file system, each file counted once however many names it has. */
export async function diskUsage(root: string): Promise<number> {
  const seen = new Set<bigint>();
  let blocks = 0n;
  for await (const { stats } of walkTree(root)) {
    if (stats.nlink > 1n && !stats.isDirectory()) {
      if (seen.has(stats.ino)) continue;
      seen.add(stats.ino);
    }
    blocks += stats.blocks;
  }
  return Number(blocks) * 512;
}

/**
 * Bytes that would be free if a tree were removed: files that have other names somewhere don't count. For trees that
 * nobody changes; looks at a directory at a time without letting others in, which is ten times as fast.
 */
export async function ownDiskUsage(root: string): Promise<number> {
  let blocks = lstatSync(root).blocks;
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const stats = lstatSync(path);
      if (entry.isDirectory()) pending.push(path);
      if (entry.isDirectory() || stats.nlink === 1) blocks += stats.blocks;
    }
    if (pending.length % 64 === 0) await setImmediate();
  }
  return blocks * 512;
}
