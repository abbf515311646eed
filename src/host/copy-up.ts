// SPDX-License-Identifier: GPL-2.0-or-later
import { constants, lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { asDiskFull, isErrno } from './files.ts';
import { walkTree } from './tree-walk.ts';

/**
 * Copies a file, or all files of a directory, into an overlay's upper without changing them: the kernel does it, with
 * owner, mode, times, attributes and parent directories, when a file is opened for writing. Returns the paths relative
 * to `root`, the overlay's mount. Throws PasekaError bad-option where `path` is missing or leads out of the root.
 */
export async function copyUp(root: string, path: string): Promise<readonly string[]> {
  const wanted = join(root, path);
  const found = await lstat(wanted).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) throw badPath(path, 'is not in the prepared directory');
    throw error;
  });
  const inside = relative(await realpath(root), join(await realpath(dirname(wanted)), basename(wanted)));
  if (inside === '' || inside === '..' || inside.startsWith('../')) {
    throw badPath(path, 'leads out of the prepared directory');
  }
  if (found.isFile()) return [await touchOpen(root, inside)];
  if (!found.isDirectory()) throw badPath(path, 'is neither a file nor a directory');
  const copied: string[] = [];
  for await (const entry of walkTree(join(root, inside))) {
    if (entry.stats.isFile()) copied.push(await touchOpen(root, join(inside, entry.path)));
  }
  return copied;
}

async function touchOpen(root: string, path: string): Promise<string> {
  try {
    const file = await open(join(root, path), constants.O_WRONLY | constants.O_NOFOLLOW);
    await file.close();
    return path;
  } catch (error) {
    throw asDiskFull(error, join(root, path));
  }
}

function badPath(path: string, why: string): PasekaError {
  return new PasekaError(
    'bad-option',
    `the private file ${path} ${why}`,
    'give paths relative to that directory',
  );
}
