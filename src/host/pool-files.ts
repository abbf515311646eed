// SPDX-License-Identifier: GPL-2.0-or-later
import { constants } from 'node:fs';
import { chmod, open, rename, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asDiskFull, isErrno, makeDirectory } from './files.ts';

export interface FileFacts {
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

/** Size and time of last use of a file; undefined where there is none. */
export async function fileFacts(path: string): Promise<FileFacts | undefined> {
  try {
    const { size, atimeMs } = await stat(path);
    return { bytes: size, usedAt: atimeMs };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/**
 * Notes that a file or directory is used now, in its access time: mounts without access times leave that to us. Or that it
 * was last used then (milliseconds since the epoch), after reading it for another purpose.
 */
export async function markUsed(path: string, usedAt: number = Date.now()): Promise<void> {
  const { mtime } = await stat(path);
  await utimes(path, new Date(usedAt), mtime);
}

/** The text of a file whose last use that is not to be; undefined where there is none. */
export async function readTextUnnoticed(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOATIME);
    return await file.readFile('utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Gives a whole file its final name, readable by all and writable by nobody, replacing what has that name. */
export async function publishFile(source: string, target: string): Promise<void> {
  await makeDirectory(dirname(target));
  try {
    await chmod(source, 0o444);
    await rename(source, target);
  } catch (error) {
    throw asDiskFull(error, target);
  }
}
