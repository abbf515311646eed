// SPDX-License-Identifier: GPL-2.0-or-later
import { lstat, readFile, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno } from './files.ts';

/** As many links as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * Where a path of a root is on this host, each symbolic link on the way followed as from inside, the last one too: an
 * absolute one begins at the root, and `..` never leads out of it (openat2(2), RESOLVE_IN_ROOT). For roots that programs
 * have written to: a plain join would follow their links to the host's own files. What isn't there is taken as it
 * stands. Nothing must change the root meanwhile.
 */
export async function pathInside(root: string, path: string): Promise<string> {
  const left = path.split('/');
  const found: string[] = [];
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      found.pop();
      continue;
    }
    const target = await linkTarget(join(root, ...found, name));
    if (target === undefined) {
      found.push(name);
      continue;
    }
    if (++links > mostLinks) throw Object.assign(new Error(`ELOOP: ${path}`), { code: 'ELOOP' });
    if (target.startsWith('/')) found.length = 0;
    left.unshift(...target.split('/'));
  }
  return join(root, ...found);
}

/** The same for an entry that may be a link itself: to look at it, to remove it or to make it anew. */
export async function entryInside(root: string, path: string): Promise<string> {
  return join(await pathInside(root, dirname(path)), basename(path));
}

/** The text of a plain file of a root; undefined where there is none (a pipe would never end). */
export async function readTextInside(root: string, path: string): Promise<string | undefined> {
  const place = await pathInside(root, path);
  return (await isPlainFile(place)) ? readFile(place, 'utf8') : undefined;
}

/** Whether it is a file itself: neither a link to one, nor a pipe or device. */
export async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isErrno(error, 'EINVAL', 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
