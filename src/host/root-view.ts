// SPDX-License-Identifier: GPL-2.0-or-later
import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isErrno } from './files.ts';

/**
 * A root as it stands, seen from outside and asked for thousands of paths: each directory is read once. Synchronous,
 * because an answer takes microseconds. Paths are absolute inside and go through no symbolic link.
 */
export class RootDirectoryView {
  readonly #root: string;
  readonly #directories = new Map<string, ReadonlyMap<string, Dirent> | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  kindOf(path: string): 'absent' | 'directory' | 'symlink' | 'other' {
    if (path === '/') return 'directory';
    const entry = this.#read(dirname(path))?.get(basename(path));
    if (entry === undefined) return 'absent';
    if (entry.isDirectory()) return 'directory';
    return entry.isSymbolicLink() ? 'symlink' : 'other';
  }

  targetOf(path: string): string {
    return readlinkSync(join(this.#root, path));
  }

  directoryAttributes(path: string): { readonly mode: number; readonly uid: number; readonly gid: number } {
    const { mode, uid, gid } = lstatSync(join(this.#root, path));
    return { mode: mode & 0o7777, uid, gid };
  }

  #read(directory: string): ReadonlyMap<string, Dirent> | undefined {
    if (this.#directories.has(directory)) return this.#directories.get(directory);
    // a directory that its parent does not have needs no look
    const isThere = directory === '/' || this.kindOf(directory) === 'directory';
    const entries = isThere ? readEntries(join(this.#root, directory)) : undefined;
    this.#directories.set(directory, entries);
    return entries;
  }
}

function readEntries(path: string): ReadonlyMap<string, Dirent> | undefined {
  try {
    return new Map(readdirSync(path, { withFileTypes: true }).map((entry) => [entry.name, entry]));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
