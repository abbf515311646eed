// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from './file-lock.ts';
import { waitForLock } from './file-lock-wait.ts';
import { isErrno, listDirectory, makeDirectory, removeTree } from './files.ts';

/** A fresh, empty directory for something half made; what is still in it when it is disposed disappears. */
export interface ScratchDirectory extends AsyncDisposable {
  readonly path: string;
}

const lockSuffix = '.lock';

/** Makes one below `parent`. Its lock beside it tells {@link sweepScratchDirectories} that its process lives. */
export async function makeScratchDirectory(parent: string, name: string): Promise<ScratchDirectory> {
  const path = join(parent, `${name}-${randomUUID()}`);
  const lockPath = path + lockSuffix;
  const lock = await waitForLock(lockPath, 'exclusive');
  await makeDirectory(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await removeTree(path);
      await removeTree(lockPath);
      await lock[Symbol.asyncDispose]();
    },
  };
}

/**
 * Removes what has a final name, by way of a scratch directory on the same file system: if this process is killed, it has its
 * name whole or not at all. Nothing there is fine.
 */
export async function removeAtOnce(path: string, scratchParent: string): Promise<void> {
  await using scratch = await makeScratchDirectory(scratchParent, 'removed');
  try {
    await rename(path, join(scratch.path, 'it'));
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
}

/** Removes what dead processes left below `parent`; the number of directories removed. */
export async function sweepScratchDirectories(parent: string): Promise<number> {
  const names = new Set((await listDirectory(parent)).map((name) => name.replace(/\.lock$/, '')));
  let removed = 0;
  for (const name of names) {
    const lockPath = join(parent, name + lockSuffix);
    await using lock = await tryLock(lockPath, 'exclusive');
    if (lock === undefined) continue;
    await removeTree(join(parent, name));
    await removeTree(lockPath);
    removed++;
  }
  return removed;
}
