// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { asDiskFull } from './files.ts';

/**
 * A file that only grows. What is given is written at once, so that a reader beside us sees it and a kill loses
 * nothing; `sync` makes it survive a power cut too. Small writes to a page cache cost microseconds, so it does not
 * queue.
 */
export class AppendFile implements Disposable {
  readonly path: string;
  readonly #descriptor: number;
  #bytes = 0;

  /** Throws PasekaError disk-full. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, 'a', 0o644);
    } catch (error) {
      throw asDiskFull(error, path);
    }
  }

  /** Bytes given so far. */
  get bytes(): number {
    return this.#bytes;
  }

  write(data: string | Uint8Array): void {
    const buffer = typeof data === 'string' ? Buffer.from(data) : data;
    try {
      let offset = 0;
      while (offset < buffer.length) offset += writeSync(this.#descriptor, buffer, offset);
      this.#bytes += buffer.length;
    } catch (error) {
      throw asDiskFull(error, this.path);
    }
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
