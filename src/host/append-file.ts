// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, openSync, writeSync } from 'node:fs';
import { asDiskFull } from './files.ts';

/**
 * A file that only grows. What is given is written at once, so that a reader beside us sees it and a kill loses
 * nothing. Small writes to a page cache cost microseconds, so it does not
 * queue.
 */
export class AppendFile implements Disposable {
  readonly path: string;
  readonly #descriptor: number;

  /** Throws PasekaError disk-full. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, 'a', 0o644);
    } catch (error) {
      throw asDiskFull(error, path);
    }
  }

  write(data: NodeJS.ArrayBufferView): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    try {
      let offset = 0;
      while (offset < bytes.length) offset += writeSync(this.#descriptor, bytes, offset);
    } catch (error) {
      throw asDiskFull(error, this.path);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
