// SPDX-License-Identifier: GPL-2.0-or-later
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rmdir,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { type FileLock, tryLock } from './file-lock.ts';
import { isErrno, readTextIfExists, removeTree } from './files.ts';

/** A directory to mount on, for as long as it isn't disposed. */
export interface MountPoint extends AsyncDisposable {
  /** Without symbolic links. */
  readonly path: string;
}

/** Lies in every directory that was made here, hidden below the mount; its first line names the topmost one made. */
const markerName = '.paseka-mount-point';

/**
 * An existing directory at `path`, or one made for the purpose and removed by the last process that uses it. That
 * matters: removing a directory also removes what is mounted on it in other namespaces, so all users of a made one
 * share a lock on its marker. Throws PasekaError mount-failed, not-a-directory.
 */
export async function acquireMountPoint(path: string): Promise<MountPoint> {
  const wanted = resolve(path);
  if (wanted === '/')
    throw new PasekaError('not-a-directory', 'nothing can be shown at /', 'give another path');
  for (let attempt = 0; attempt < 10; attempt++) {
    const there = await findDirectory(wanted);
    if (there === undefined) await makeMarked(wanted);
    else {
      const lock = await lockMarker(there);
      if (lock === 'unmarked') return { path: there, [Symbol.asyncDispose]: () => Promise.resolve() };
      if (lock !== 'gone') {
        let released: Promise<void> | undefined;
        return { path: there, [Symbol.asyncDispose]: () => (released ??= release(there, lock)) };
      }
    }
  }
  throw new PasekaError(
    'mount-failed',
    `${wanted} is made and removed again and again by other processes`,
    `run: mkdir -p ${wanted}`,
  );
}

/** Removes what a killed process left at `path`, unless a living one uses it. A directory of the user's is left alone. */
export async function removeStaleMountPoint(path: string): Promise<void> {
  const marker = join(path, markerName);
  if ((await readTextIfExists(marker)) === undefined) return;
  await using lock = await tryLock(marker, 'exclusive');
  if (lock !== undefined) await removeMade(path);
}

async function findDirectory(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    if (!isErrno(error, 'ENOTDIR')) throw error;
  }
  throw new PasekaError(
    'not-a-directory',
    `${path} is not a directory`,
    'give the path of a directory, or of nothing',
  );
}

/** Appears with its marker in it at once, so that nobody takes it for a directory of the user's. */
async function makeMarked(path: string): Promise<void> {
  let beside: string | undefined;
  try {
    const topmost = (await mkdir(dirname(path), { recursive: true })) ?? path;
    beside = await mkdtemp(`${path}.`);
    await chmod(beside, 0o755);
    const text = `${topmost}\nmade by paseka to mount on; removed after use\n`;
    await writeFile(join(beside, markerName), text);
    await rename(beside, path);
  } catch (error) {
    if (beside !== undefined) await removeTree(beside);
    if (isErrno(error, 'ENOENT', 'EEXIST', 'ENOTEMPTY')) return; // another process was first: look again
    throw new PasekaError(
      'mount-failed',
      `there is no directory ${path}, and it can't be made`,
      `make it beforehand: sudo mkdir -p ${path}`,
      error,
    );
  }
}

/** Never makes a marker: opening it for the lock could, so it is looked for first. */
async function lockMarker(path: string): Promise<FileLock | 'unmarked' | 'gone'> {
  const marker = join(path, markerName);
  if ((await readTextIfExists(marker)) === undefined) return 'unmarked';
  try {
    return (await tryLock(marker, 'shared')) ?? 'gone'; // held exclusively: it is being removed
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 'gone';
    throw error;
  }
}

async function release(path: string, lock: FileLock): Promise<void> {
  await lock[Symbol.asyncDispose]();
  await removeStaleMountPoint(path);
}

async function removeMade(path: string): Promise<void> {
  const marker = join(path, markerName);
  const topmost = (await readTextIfExists(marker))?.split('\n')[0] || path;
  const entries = await readdir(path);
  await unlink(marker);
  if (entries.length > 1) return; // somebody put files into it: it is theirs now
  for (let directory = path; ; directory = dirname(directory)) {
    try {
      await rmdir(directory);
    } catch (error) {
      if (isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY')) return;
      throw error;
    }
    if (directory === topmost || directory.length <= topmost.length) return;
  }
}
