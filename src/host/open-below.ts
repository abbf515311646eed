// SPDX-License-Identifier: GPL-2.0-or-later
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './files.ts';

/**
 * Opens a plain file below `directory` for reading; undefined where there is none, and also where `path` or a
 * symbolic link on the way leads out of the directory: what counts is where the file that is now open really is
 * (/proc/self/fd, proc(5)), so nobody can exchange it in between. The caller closes it.
 */
export async function openBelow(directory: string, path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    // Not blocking: a pipe would wait for somebody to write to it.
    file = await open(
      join(directory, path),
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    );
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
  const place = await readlink(`/proc/self/fd/${file.fd}`);
  if (place.startsWith(`${await realpath(directory)}/`) && (await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

/** Whether there is something at that path that, with all links followed, is not below `directory` or can't be had. */
export async function isElsewhere(directory: string, path: string): Promise<boolean> {
  try {
    return !(await realpath(path)).startsWith(`${await realpath(directory)}/`);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    if (isNoSuchFile(error)) return true;
    throw error;
  }
}

function isNoSuchFile(error: unknown): boolean {
  return isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EISDIR', 'ENAMETOOLONG', 'ENXIO');
}
