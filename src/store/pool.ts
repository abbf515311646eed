// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { type DigestAlgorithm, parseSha256, type Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { publicUri } from '../base/public-uri.ts';
import { tryLock } from '../host/file-lock.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import { copyFile, listDirectory, makeDirectory, removeTree } from '../host/files.ts';
import { contentNameOfFile } from '../host/hash-file.ts';
import { removePartialFile } from '../host/partial-file.ts';
import { fileFacts, markUsed, publishFile } from '../host/pool-files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { type Downloads, type FileToFetch, fetchWithRetries } from './fetch-with-retries.ts';
import { SharedWork } from './shared-work.ts';

/** What becomes of a file that was asked for. */
export type FetchEnd =
  /** It is in the pool at this path, whole and verified. */
  | { readonly kind: 'present'; readonly path: string }
  /** The mirror no longer has it; the URL is without credentials. */
  | { readonly kind: 'missing'; readonly url: string };

export interface PoolOptions {
  /** Most downloads at once, over all callers; default 8. */
  readonly concurrency?: number;
  /** Before the second attempt; doubled for each one after it. Default 500. */
  readonly retryDelayMs?: number;
}

export interface FetchAllOptions {
  readonly signal?: AbortSignal;
  /** Called after each file. */
  readonly onProgress?: (progress: FetchProgress) => void;
}

export interface FetchProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** A file of the pool, for collecting garbage. */
export interface PooledFile {
  readonly sha256: Sha256;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

const defaultConcurrency = 8;
const defaultRetryDelayMs = 500;

/**
 * Package and source files by content, one copy for all snapshots: `pool/AA/SHA256`. A file has that name only when it
 * is whole; `pool/partial/` holds what is being fetched, continued by whoever asks next. Nothing is brought to disk with
 * fsync: what a crash truncates is found, because each file's size and digest are verified when this process first
 * uses it, and fetched again. Several processes may use one pool: a lock for each download lets only one fetch.
 */
export class Pool {
  readonly #state: StateDirectory;
  readonly #downloader: Downloads;
  readonly #limit: LimitFunction;
  readonly #retryDelayMs: number;
  readonly #shared = new SharedWork<Sha256, FetchEnd>();
  readonly #verified = new Set<Sha256>();

  constructor(state: StateDirectory, downloader: Downloads, options: PoolOptions = {}) {
    this.#state = state;
    this.#downloader = downloader;
    this.#limit = pLimit(options.concurrency ?? defaultConcurrency);
    this.#retryDelayMs = options.retryDelayMs ?? defaultRetryDelayMs;
  }

  /** Where the file with this content is, if it is in the pool. */
  pathOf(sha256: Sha256): string {
    return join(this.#state.pool, sha256.slice(0, 2), sha256);
  }

  /** Whether it is in the pool, by name and size alone where the size is given. */
  async has(sha256: Sha256, bytes?: number): Promise<boolean> {
    const facts = await fileFacts(this.pathOf(sha256));
    return facts !== undefined && (bytes === undefined || facts.bytes === bytes);
  }

  /**
   * Brings a file into the pool if it is not there. Callers that want the same file share one download. Throws
   * PasekaError mirror-unreachable after several attempts, mirror-inconsistent where the mirror sends something else,
   * file-corrupt where a local repository does, disk-full, cancelled.
   */
  async fetch(file: FileToFetch, signal?: AbortSignal): Promise<FetchEnd> {
    if (this.#verified.has(file.sha256) && (await this.has(file.sha256, file.bytes))) {
      return { kind: 'present', path: this.pathOf(file.sha256) };
    }
    return this.#shared.do(file.sha256, signal, (shared) => this.#limit(() => this.#bring(file, shared)));
  }

  /**
   * Brings all of them, several at once; the ends are in the order of the files. After the first error the others are
   * cancelled, and it is thrown: see {@link fetch}.
   */
  async fetchAll(files: readonly FileToFetch[], options: FetchAllOptions = {}): Promise<FetchEnd[]> {
    const failed = new AbortController();
    const signal =
      options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
    const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
    let done = { files: 0, bytes: 0 };
    const errors: unknown[] = [];
    const ends = await Promise.all(
      files.map(async (file) => {
        try {
          const end = await this.fetch(file, signal);
          done = { files: done.files + 1, bytes: done.bytes + file.bytes };
          options.onProgress?.({ ...done, totalFiles: files.length, totalBytes });
          return end;
        } catch (error) {
          errors.push(error);
          failed.abort();
          return undefined;
        }
      }),
    );
    if (errors.length > 0) throw errors[0];
    return ends.filter((end) => end !== undefined);
  }

  /**
   * Puts a copy of a local file into the pool, if its content is as said. A copy (sharing blocks where the file system
   * can) and not a hard link: whoever owns the original may change it. Throws PasekaError file-corrupt, disk-full.
   */
  async adopt(path: string, expected: { readonly bytes: number; readonly sha256: Sha256 }): Promise<string> {
    const { sha256 } = expected;
    const target = this.pathOf(sha256);
    if (await this.#isIntact(expected)) return target;
    await using scratch = await makeScratchDirectory(this.#state.tmp, 'adopt');
    const copy = join(scratch.path, sha256);
    await copyFile(path, copy);
    const problem = await contentProblem(copy, expected);
    if (problem !== undefined) {
      throw new PasekaError(
        'file-corrupt',
        `${path} is not what it should be: ${problem}`,
        'make or fetch the file again',
      );
    }
    await publishFile(copy, target);
    this.#verified.add(sha256);
    return target;
  }

  /** All files of the pool, in no order. */
  async list(): Promise<PooledFile[]> {
    const files: PooledFile[] = [];
    for (const shard of await listDirectory(this.#state.pool)) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue;
      for (const name of await listDirectory(join(this.#state.pool, shard))) {
        const sha256 = parseSha256(name);
        const facts = sha256 === undefined ? undefined : await fileFacts(this.pathOf(sha256));
        if (sha256 !== undefined && facts !== undefined) files.push({ sha256, ...facts });
      }
    }
    return files;
  }

  /** Removes a file; one that is absent is no failure. The caller knows that nobody needs it. */
  async remove(sha256: Sha256): Promise<void> {
    this.#verified.delete(sha256);
    await removeTree(this.pathOf(sha256));
  }

  /** Forgets half-fetched files that nobody fetches now and nobody has touched since then (milliseconds since the epoch). */
  async removePartials(before: number): Promise<void> {
    const directory = this.#partialDirectory();
    for (const name of await listDirectory(directory)) {
      const sha256 = parseSha256(name);
      if (sha256 === undefined) continue;
      const partial = join(directory, name);
      const facts = await fileFacts(partial);
      if (facts === undefined || facts.usedAt >= before) continue;
      await using lock = await tryLock(`${partial}.lock`, 'exclusive');
      if (lock === undefined) continue;
      await removePartialFile(partial);
      await removeTree(lock.path);
    }
  }

  #partialDirectory(): string {
    return join(this.#state.pool, 'partial');
  }

  async #bring(file: FileToFetch, signal: AbortSignal): Promise<FetchEnd> {
    const present: FetchEnd = { kind: 'present', path: this.pathOf(file.sha256) };
    if (await this.#isIntact(file)) return present;
    await makeDirectory(this.#partialDirectory());
    const partial = join(this.#partialDirectory(), file.sha256);
    await using lock = await waitForLock(`${partial}.lock`, 'exclusive', { signal });
    try {
      if (await this.#isIntact(file)) return present; // another process was first
      const isThere = await fetchWithRetries(this.#downloader, {
        file,
        partial,
        retryDelayMs: this.#retryDelayMs,
        signal,
      });
      if (!isThere) return { kind: 'missing', url: publicUri(file.url) };
      await publishFile(partial, present.path);
      await removePartialFile(partial);
      this.#verified.add(file.sha256);
      return present;
    } finally {
      await removeTree(lock.path);
    }
  }

  /** Whether it is there and right, looked at once for each process; a wrong one is removed. */
  async #isIntact(file: Content): Promise<boolean> {
    const { sha256, bytes } = file;
    const path = this.pathOf(sha256);
    const facts = await fileFacts(path);
    if (facts === undefined) return false;
    if (this.#verified.has(sha256) && facts.bytes === bytes) return true;
    if ((await contentProblem(path, file)) !== undefined) {
      await this.remove(sha256);
      return false;
    }
    await markUsed(path);
    this.#verified.add(sha256);
    return true;
  }
}

interface Content {
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly hashedBy?: DigestAlgorithm;
}

async function contentProblem(path: string, expected: Content): Promise<string | undefined> {
  const bytes = (await fileFacts(path))?.bytes;
  if (bytes === undefined) return 'it is not there';
  if (bytes !== expected.bytes) return `it has ${bytes} bytes instead of ${expected.bytes}`;
  const name = await contentNameOfFile(path, expected.hashedBy);
  return name === expected.sha256 ? undefined : `its digest is ${name} instead of ${expected.sha256}`;
}
