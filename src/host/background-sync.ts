// SPDX-License-Identifier: GPL-2.0-or-later
import { type FileHandle, open } from 'node:fs/promises';
import { asDiskFull, isErrno } from './files.ts';

/**
 * Brings a file that somebody writes to the disk (fdatasync(2)) at most every so often, without holding up the program.
 * The file has to be the same one all the time.
 */
export class BackgroundSync implements AsyncDisposable {
  readonly #path: string;
  readonly #everyMs: number;
  #file: FileHandle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #isWanted = false;
  #isClosing = false;

  constructor(path: string, everyMs: number) {
    this.#path = path;
    this.#everyMs = everyMs;
  }

  /** Something was written: it is on the disk when this long has gone by. */
  wrote(): void {
    this.#isWanted = true;
    this.#timer ??= setTimeout(() => this.#sync(), this.#everyMs);
  }

  /** Everything that was written before is on the disk. Throws PasekaError disk-full, and what fdatasync(2) says. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.#syncing.catch(() => undefined);
    try {
      if (this.#isWanted) await this.#syncNow();
    } finally {
      await this.#file?.close();
    }
  }

  #sync(): void {
    this.#syncing = this.#syncNow().catch(() => {
      this.#isWanted = true; // the last one tells
    });
    void this.#syncing.finally(() => {
      this.#timer = undefined;
      if (this.#isWanted && !this.#isClosing) this.wrote();
    });
  }

  async #syncNow(): Promise<void> {
    this.#isWanted = false;
    try {
      this.#file ??= await open(this.#path, 'r');
      await this.#file.datasync();
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw asDiskFull(error, this.#path);
    }
  }
}
