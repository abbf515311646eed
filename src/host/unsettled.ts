// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { waitForLock } from './file-lock-wait.ts';
import { asDiskFull, isErrno, listDirectory, removeTree } from './files.ts';
import { makeScratchDirectory } from './scratch-directory.ts';
import { syncFileSystem } from './system-calls.ts';

export interface UnsettledOptions {
  /** Where notes are kept: `DIRECTORY/BOOT/NOTE`, empty files whose names say everything. */
  readonly directory: string;
  /** Everything that is noted is below it, on the same file system. */
  readonly root: string;
  readonly lockDirectory: string;
  readonly scratchDirectory: string;
  /** Another value after each start of the machine. */
  readonly bootId: string;
}

/**
 * What was published and may not be on disk yet: after a power failure a file can have its name and size and no content.
 * Bringing every file to disk before it is published would cost more than making it; so a note is made first, and taken
 * back when one syncfs(2) has brought everything to disk. File systems with a journal keep the order of names: whatever is
 * found after a power failure has its note. Notes of an earlier start of the machine say what is not to be trusted.
 */
export class Unsettled {
  readonly #options: UnsettledOptions;
  readonly #notes: string;

  constructor(options: UnsettledOptions) {
    this.#options = options;
    this.#notes = join(options.directory, options.bootId);
  }

  /** To be called before `path` gets what it is to have. Throws PasekaError disk-full. */
  note(path: string): void {
    const name = relative(this.#options.root, path).replaceAll('/', separator);
    // of its own: one of what is published again meanwhile is not taken back with this one
    const note = join(this.#notes, `${name}${suffixStart}${randomUUID()}`);
    try {
      writeNote(note);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw asDiskFull(error, note);
      mkdirSync(this.#notes, { recursive: true });
      writeNote(note);
    }
  }

  /** Brings what this machine's processes published since its start to disk, if there is any. */
  async settle(): Promise<void> {
    const notes = await listDirectory(this.#notes);
    if (notes.length === 0) return;
    await syncFileSystem(this.#options.root);
    for (const note of notes) rmSync(join(this.#notes, note), { force: true });
  }

  /** Removes what may not have come to disk before the machine was started; to be called before anything is used. */
  async discard(): Promise<readonly string[]> {
    const { directory, root, lockDirectory, scratchDirectory, bootId } = this.#options;
    const earlier = (): string[] => readdirSync(directory).filter((boot) => boot !== bootId);
    if (earlier().length === 0) return [];
    // a second process waits here, and then finds no notes: not those of what the first has made anew
    await using _lock = await waitForLock(join(lockDirectory, 'unsettled'), 'exclusive');
    const discarded: string[] = [];
    for (const boot of earlier()) {
      for (const note of await listDirectory(join(directory, boot))) {
        const path = join(root, (note.split(suffixStart)[0] ?? '').replaceAll(separator, '/'));
        await using scratch = await makeScratchDirectory(scratchDirectory, 'discarded');
        try {
          await rename(path, join(scratch.path, 'it'));
          discarded.push(path);
        } catch (error) {
          if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
        }
        rmSync(join(directory, boot, note));
      }
      await removeTree(join(directory, boot));
    }
    return discarded;
  }
}

/** Which start of the machine this is. */
export function currentBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** No name of what is noted has one of these: they are digests. */
const separator = '+';
const suffixStart = '~';

function writeNote(path: string): void {
  writeFileSync(path, '');
}
