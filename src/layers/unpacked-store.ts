// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { type DigestAlgorithm, parseSha256, type Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Distribution } from '../distro/distribution.ts';
import { listDirectory, makeDirectory, pathExists, publishDirectory } from '../host/files.ts';
import { contentNameOfFile } from '../host/hash-file.ts';
import { markUsed } from '../host/pool-files.ts';
import type { Priority } from '../host/priority.ts';
import { makeScratchDirectory, removeAtOnce } from '../host/scratch-directory.ts';
import type { Unsettled } from '../host/unsettled.ts';
import { SharedWork } from '../store/shared-work.ts';

/** A package file to unpack. */
export interface PackedPackage {
  readonly sha256: Sha256;
  readonly hashedBy?: DigestAlgorithm;
  /** Where the file is. */
  readonly archive: string;
}

export interface UnpackedStoreOptions {
  readonly directory: string;
  readonly scratchDirectory: string;
  readonly unpack: Distribution['unpackPackage'];
  readonly unsettled: Unsettled;
  /** Most packages unpacked at once. */
  readonly concurrency: number;
}

/**
 * Packages unpacked once and for all, by the digest of their file: `unpacked/AA/SHA256`. An entry has that name only when
 * it is whole, and is never written to again: layers get further names (hard links) of its files, and roots see those
 * through an overlay, which copies before it writes. Several processes may use one store; who unpacks the same package
 * twice finds the name taken and drops its own.
 */
export class UnpackedStore {
  readonly #options: UnpackedStoreOptions;
  /** Each priority has its own: what runs at idle priority can neither be waited for nor take all room. */
  readonly #limits: Readonly<Record<Priority, LimitFunction>>;
  readonly #shared: Readonly<Record<Priority, SharedWork<Sha256, string>>> = {
    idle: new SharedWork(),
    usual: new SharedWork(),
  };

  constructor(options: UnpackedStoreOptions) {
    this.#options = options;
    this.#limits = { idle: pLimit(options.concurrency), usual: pLimit(options.concurrency) };
  }

  pathOf(sha256: Sha256): string {
    return join(this.#options.directory, sha256.slice(0, 2), sha256);
  }

  /**
   * Unpacks what is not there, several at once; the directories in the packages' order. What is being unpacked at idle priority is
   * unpacked once more for who can't wait. Throws PasekaError file-corrupt where a package file is not what its digest says,
   * bad-binary-package, disk-full, cancelled.
   */
  ensure(packages: readonly PackedPackage[], priority: Priority, signal?: AbortSignal): Promise<string[]> {
    return Promise.all(packages.map((packed) => this.#ensureOne(packed, priority, signal)));
  }

  /** Forgets a package: it is unpacked again when it is needed again. */
  async remove(sha256: Sha256): Promise<void> {
    await removeAtOnce(this.pathOf(sha256), this.#options.scratchDirectory);
  }

  /** Digests of all packages that are there, in no order. */
  async list(): Promise<Sha256[]> {
    const found: Sha256[] = [];
    for (const shard of await listDirectory(this.#options.directory)) {
      for (const name of await listDirectory(join(this.#options.directory, shard))) {
        const sha256 = parseSha256(name);
        if (sha256 !== undefined) found.push(sha256);
      }
    }
    return found;
  }

  async #ensureOne(packed: PackedPackage, wanted: Priority, signal?: AbortSignal): Promise<string> {
    const path = this.pathOf(packed.sha256);
    if (await pathExists(path)) {
      await markUsed(path);
      return path;
    }
    const priority = this.#shared.usual.has(packed.sha256) ? 'usual' : wanted;
    return this.#shared[priority].do(packed.sha256, signal, (shared) =>
      this.#limits[priority](() => this.#unpack(packed, priority, shared)),
    );
  }

  async #unpack(
    { sha256, hashedBy, archive }: PackedPackage,
    priority: Priority,
    signal: AbortSignal,
  ): Promise<string> {
    const path = this.pathOf(sha256);
    // unpacked at another priority meanwhile
    if (await pathExists(path)) return path;
    if ((await contentNameOfFile(archive, hashedBy)) !== sha256) {
      throw new PasekaError(
        'file-corrupt',
        `${archive} is not what it was: its digest is another one`,
        'remove the file, and it is fetched again',
      );
    }
    await using scratch = await makeScratchDirectory(this.#options.scratchDirectory, 'unpack');
    const directory = join(scratch.path, 'package');
    await makeDirectory(directory);
    await this.#options.unpack(archive, directory, priority, signal);
    this.#options.unsettled.note(path);
    await publishDirectory(directory, path);
    return path;
  }
}
