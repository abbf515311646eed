// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Sha256 } from '../base/digest.ts';
import { asDiskFull, readTextIfExists, removeTree, writeText } from './files.ts';

/**
 * A file that is being fetched: what is there already counts, and goes into the digest again. Beside it (`.validator`)
 * stands what the server called that version of it (an entity tag or a date), for If-Range.
 */
export class PartialFile implements AsyncDisposable {
  readonly path: string;
  #file: FileHandle;
  #hash: Hash;
  #bytes: number;

  private constructor(path: string, file: FileHandle, hash: Hash, bytes: number) {
    this.path = path;
    this.#file = file;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** Opens it for writing at its end, made where it is absent. */
  static async open(path: string): Promise<PartialFile> {
    const file = await open(path, 'a', 0o644);
    const hash = createHash('sha256');
    let bytes = 0;
    if ((await file.stat()).size > 0) {
      for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    }
    return new PartialFile(path, file, hash, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The digest of all that is there. */
  sha256(): Sha256 {
    return this.#hash.copy().digest('hex') as Sha256;
  }

  /** What the server called the version that is here; undefined where nothing was noted. */
  async validator(): Promise<string | undefined> {
    return readTextIfExists(validatorPath(this.path));
  }

  /** Throws PasekaError disk-full. */
  async append(chunk: Uint8Array): Promise<void> {
    try {
      await this.#file.writeFile(chunk);
    } catch (error) {
      throw asDiskFull(error, this.path);
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** Forgets what is there, and notes the version that comes now. */
  async restart(validator: string | undefined): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#bytes = 0;
    if (validator === undefined) await removeTree(validatorPath(this.path));
    else await writeText(validatorPath(this.path), validator);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Removes a partial file and its note. */
export async function removePartialFile(path: string): Promise<void> {
  await removeTree(path);
  await removeTree(validatorPath(path));
}

function validatorPath(path: string): string {
  return `${path}.validator`;
}
