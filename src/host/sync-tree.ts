// SPDX-License-Identifier: GPL-2.0-or-later
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskFull } from './files.ts';

/** Brings a tree's files and directories to disk (fsync(2)), for what must be whole after a power failure. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncPath(path);
  }
  await syncPath(directory);
}

/** The same for one file, or for the names in one directory. Throws PasekaError disk-full. */
export async function syncPath(path: string): Promise<void> {
  await using file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    throw asDiskFull(error, path);
  }
}
