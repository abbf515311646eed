// SPDX-License-Identifier: GPL-2.0-or-later
import { isAbsolute, join } from 'node:path';
import { tryLock } from '../host/file-lock.ts';
import { listDirectory, readTextIfExists, removeTree } from '../host/files.ts';
import { removeStaleMountPoint } from '../host/mount-point.ts';
import { mountPointsName, runsDirectory } from './run-directory.ts';

export interface SweepResult {
  /** Run directories of dead processes that are gone now. */
  readonly removed: readonly string[];
  /** What could not be removed, and why. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Removes what killed processes left in a state directory (their mounts are gone with them: private-namespace.ts).
 * To be called inside the private namespace, where all owners are this user's and no mode stops it. Processes that
 * live, in whichever pid namespace, hold their locks and are left alone. Never throws for one bad directory.
 */
export async function sweepRuns(stateDirectory: string): Promise<SweepResult> {
  const runs = runsDirectory(stateDirectory);
  const names = await listDirectory(runs);
  const identities = new Set(
    names.map((name) => name.replace(/\.lock$/, '')).filter((name) => /^\d+-\d+$/.test(name)),
  );
  const removed: string[] = [];
  const failed: { path: string; reason: string }[] = [];
  for (const identity of identities) {
    const path = join(runs, identity);
    try {
      if (await removeIfDead(path)) removed.push(path);
    } catch (error) {
      failed.push({ path, reason: error instanceof Error ? error.message : 'unknown' });
    }
  }
  return { removed, failed };
}

/** The lock file goes last, and while it is held: who waits for it sees that its name is gone, and makes a new one. */
async function removeIfDead(path: string): Promise<boolean> {
  await using lock = await tryLock(`${path}.lock`, 'exclusive');
  if (lock === undefined) return false;
  for (const mountPoint of await readMountPoints(path)) await removeStaleMountPoint(mountPoint);
  await removeTree(path);
  await removeTree(lock.path);
  return true;
}

async function readMountPoints(path: string): Promise<readonly string[]> {
  const text = await readTextIfExists(join(path, mountPointsName));
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.filter((item): item is string => typeof item === 'string' && isAbsolute(item));
  } catch {
    return []; // cut off by a power failure
  }
}
