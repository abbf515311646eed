// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import type { RemoteFile } from '../../src/distro/source-input.ts';
import { Downloader } from '../../src/host/download.ts';
import { plainDownloadSettings } from '../../src/host/download-settings.ts';
import type { StateDirectory } from '../../src/host/state-directory.ts';
import { Pool, type PoolOptions } from '../../src/store/pool.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
import { makeTestState } from './test-state.ts';

/** A mirror on the loopback and a pool that fetches from it; server and pool are fresh in each test. */
export interface PoolMirror {
  /** What the mirror offers. */
  readonly directory: string;
  readonly server: LoopbackServer;
  readonly state: StateDirectory;
  readonly downloader: Downloader;
  /** Each call is as of another process: what they share is on disk. */
  makePool(options?: PoolOptions, downloads?: Downloader): Pool;
  /** Puts a file of random content on the mirror. */
  offer(bytes?: number): Promise<RemoteFile & { readonly content: Buffer }>;
  partials(): Promise<readonly string[]>;
  /** What is there of a file that was not fetched to its end. */
  partialBytes(file: RemoteFile): Promise<number>;
}

/** For the top of a test file: what it gives can be used inside of tests. */
export function usePoolMirror(): PoolMirror {
  let mirror: TemporaryDirectory;
  let downloader: Downloader;
  let server: LoopbackServer;
  let state: StateDirectory;
  let made = 0;
  beforeAll(async () => {
    mirror = await makeTemporaryDirectory('paseka-mirror-');
    downloader = new Downloader(plainDownloadSettings);
  });
  beforeEach(async () => {
    server = await startLoopbackServer(mirror.path);
    const fresh = await makeTestState();
    state = fresh.state;
    onTestFinished(async () => {
      await fresh[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
  });
  afterAll(async () => {
    await downloader[Symbol.asyncDispose]();
    await mirror[Symbol.asyncDispose]();
  });
  const partialDirectory = (): string => join(state.pool, 'partial');
  return {
    get directory() {
      return mirror.path;
    },
    get server() {
      return server;
    },
    get state() {
      return state;
    },
    get downloader() {
      return downloader;
    },
    makePool: (options = {}, downloads = downloader) =>
      new Pool(state, downloads, { retryDelayMs: 1, ...options }),
    async offer(bytes = 100_000) {
      const fileName = `file-${made++}+a~1.deb`;
      const content = randomBytes(bytes);
      await writeFile(join(mirror.path, fileName), content);
      return { fileName, url: `${server.uri}/${fileName}`, bytes, sha256: sha256(content), content };
    },
    partials: () => readdir(partialDirectory()).catch(() => []),
    partialBytes: (file) =>
      stat(join(partialDirectory(), file.sha256)).then(
        ({ size }) => size,
        () => 0,
      ),
  };
}
