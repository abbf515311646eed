// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PasekaError } from '../base/paseka-error.ts';

/** The text of a file, or undefined where there is none. */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** The text of a file that has to be there. */
export function readText(path: string): Promise<string> {
  return fs.readFile(path, 'utf8');
}

/** Writes a file beside its place and renames it: readers see the old or the new one, never a part. */
export async function writeTextAtomically(path: string, text: string, mode?: number): Promise<void> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    await fs.writeFile(beside, text);
    if (mode !== undefined) await fs.chmod(beside, mode);
    await fs.rename(beside, path);
  } catch (error) {
    await fs.rm(beside, { force: true });
    throw asDiskFull(error, path);
  }
}

/** Writes a file in a place that nobody reads yet. Parents must exist. */
export async function writeText(path: string, text: string, mode?: number): Promise<void> {
  try {
    await fs.writeFile(path, text);
    if (mode !== undefined) await fs.chmod(path, mode);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Writes a file in a place that nobody reads yet. Throws PasekaError disk-full. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await fs.writeFile(path, bytes);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Writes a file in a place that nobody reads yet, piece by piece. Throws PasekaError disk-full. */
export async function writePieces(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    await fs.writeFile(path, pieces);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Makes a directory and its parents; one that is there is fine. */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  try {
    await fs.mkdir(path, { recursive: true });
    if (mode !== undefined) await fs.chmod(path, mode);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Adds to the end of a file that nobody else writes to. */
export async function appendText(path: string, text: string): Promise<void> {
  try {
    await fs.appendFile(path, text);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** The same for bytes. */
export async function appendBytes(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await fs.appendFile(path, bytes);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Adds a whole file's content to the end of another, a piece at a time. */
export async function appendContent(path: string, source: string): Promise<void> {
  try {
    await pipeline(
      createReadStream(source, { highWaterMark: 1024 * 1024 }),
      createWriteStream(path, { flags: 'a' }),
    );
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Where a symbolic link points to. */
export function readLink(path: string): Promise<string> {
  return fs.readlink(path);
}

/** Makes a symbolic link; `path` must be absent. */
export async function symbolicLink(target: string, path: string): Promise<void> {
  await fs.symlink(target, path);
}

export async function pathExists(path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** Names in a directory, sorted; none where there is no such directory. */
export async function listDirectory(path: string): Promise<string[]> {
  try {
    return (await fs.readdir(path)).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** Hard-links a file, or copies it where the file systems differ. The target must be absent. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await fs.link(source, target);
  } catch (error) {
    if (!isErrno(error, 'EXDEV', 'EPERM', 'EMLINK')) throw asDiskFull(error, target);
    await copyFile(source, target);
  }
}

/** Copies a file (copy-on-write where the file system can). */
export async function copyFile(source: string, target: string): Promise<void> {
  try {
    await fs.copyFile(source, target, fs.constants.COPYFILE_FICLONE);
  } catch (error) {
    throw asDiskFull(error, target);
  }
}

/** Copies a tree with its links, modes and times; owners become this process's. */
export async function copyTree(source: string, target: string): Promise<void> {
  try {
    await fs.cp(source, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  } catch (error) {
    throw asDiskFull(error, target);
  }
}

/** Gives a tree to a user, links themselves and not what they point to. */
export async function changeOwner(path: string, uid: number, gid: number): Promise<void> {
  await fs.lchown(path, uid, gid);
  for (const entry of await fs.readdir(path, { withFileTypes: true }).catch(() => [])) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await changeOwner(child, uid, gid);
    else await fs.lchown(child, uid, gid);
  }
}

/** Moves a file, across file systems by copying. */
export async function moveFile(source: string, target: string): Promise<void> {
  try {
    await fs.rename(source, target);
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw asDiskFull(error, target);
    await copyFile(source, target);
    await fs.rm(source);
  }
}

/** Publishes a finished directory under its name; false where another process was first. */
export async function publishDirectory(source: string, target: string): Promise<boolean> {
  await makeDirectory(dirname(target));
  try {
    await fs.rename(source, target);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST', 'ENOTEMPTY')) return false;
    throw asDiskFull(error, target);
  }
}

/** Removes a file or a whole tree, whatever its modes; nothing there is fine. */
export async function removeTree(path: string): Promise<void> {
  await fs.rm(path, { recursive: true, force: true, maxRetries: 2 });
}

/** Removes all that is in a directory. */
export async function emptyDirectory(path: string): Promise<void> {
  for (const name of await fs.readdir(path)) await removeTree(join(path, name));
}

/** A fresh directory below `parent`, removed when disposed. */
export async function makeTemporaryDirectory(
  parent: string,
  prefix: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  await makeDirectory(parent);
  const path = await fs.mkdtemp(join(parent, prefix));
  return { path, [Symbol.asyncDispose]: () => removeTree(path) };
}

/** Size in bytes of a file. */
export async function fileSize(path: string): Promise<number> {
  return (await fs.stat(path)).size;
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Turns ENOSPC and EDQUOT into what the user can act on; any other error stays what it is. */
export function asDiskFull(error: unknown, path: string): unknown {
  if (!isErrno(error, 'ENOSPC', 'EDQUOT')) return error;
  return new PasekaError(
    'disk-full',
    `no space left for ${path}`,
    'free some space (paseka gc), or use --state-dir on a larger disk',
    error,
  );
}
