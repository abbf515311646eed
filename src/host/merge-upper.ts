// SPDX-License-Identifier: GPL-2.0-or-later
import type { Stats } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDirectoryAttributes } from './directory-attributes.ts';
import { asDiskFull, isErrno } from './files.ts';
import { isOpaqueDirectory } from './overlay-attributes.ts';

/**
 * Puts what an overlay's upper holds into the topmost of its lower directories, on the same file system: together they
 * show what the overlay showed. Deletions stay as the overlay's own signs (whiteouts, opaque directories), for what lies
 * below. Nothing is written into a file: names are replaced, so that files with other names elsewhere stay as they
 * are. The upper is used up. Throws PasekaError disk-full.
 */
export async function mergeUpper(upper: string, lower: string): Promise<void> {
  try {
    await mergeDirectory(upper, lower);
  } catch (error) {
    throw asDiskFull(error, lower);
  }
}

async function mergeDirectory(upper: string, lower: string): Promise<void> {
  await copyDirectoryAttributes(upper, lower);
  for (const name of await readdir(upper)) {
    const [from, to] = [join(upper, name), join(lower, name)];
    const [above, below] = [await lstat(from), await lstatIfThere(to)];
    if (above.isDirectory() && below?.isDirectory() === true && !isOpaqueDirectory(from)) {
      await mergeDirectory(from, to);
    } else {
      // rename replaces a file, but neither a directory nor a file by a directory
      if (below !== undefined && (below.isDirectory() || above.isDirectory())) {
        await rm(to, { recursive: true });
      }
      await rename(from, to);
    }
  }
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
