// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { contentName, type DigestAlgorithm, type Sha256 } from '../base/digest.ts';
import { asDiskFull, readTextIfExists, removeTree, writeText } from './files.ts';

/**
 * A file that is being fetched: what is there already counts, and goes into the digest again. Beside it (`.validator`)
 * stands what the server called that version of it (an entity tag or a date), for If-Range.
 */
export class PartialFile implements AsyncDisposable {
  readonly path: string;
  readonly #algorithm: DigestAlgorithm;
  #file: FileHandle;
  #hash: Hash;
  #bytes: number;

  private constructor(path: string, algorithm: DigestAlgorithm, file: FileHandle, hash: Hash, bytes: number) {
    this.path = path;
    this.#algorithm = algorithm;
    this.#file = file;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** Opens it for writing at its end, made where it is absent. */
  static async open(path: string, algorithm: DigestAlgorithm = 'sha256'): Promise<PartialFile> {
    const file = await open(path, 'a', 0o644);
    const hash = createHash(algorithm);
    let bytes = 0;
    if ((await file.stat()).size > 0) {
      for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    }
    return new PartialFile(path, algorithm, file, hash, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What a file with all that is there is called, see {@link contentName}. */
  contentName(): Sha256 {
    return contentName(this.#algorithm, this.#hash.copy().digest('hex'));
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
    this.#hash = createHash(this.#algorithm);
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
