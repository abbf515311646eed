// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { parseSha256, type Sha256 } from '../base/digest.ts';
import { didYouMean, nearestNames } from '../base/nearest-names.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { publicUri } from '../base/public-uri.ts';
import type { Distribution } from '../distro/distribution.ts';
import { type FileLock, tryLock } from '../host/file-lock.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import {
  listDirectory,
  makeDirectory,
  moveFile,
  pathExists,
  publishDirectory,
  readTextIfExists,
  removeTree,
  writeText,
} from '../host/files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { syncPath, syncTree } from '../host/sync-tree.ts';
import { parseSnapshot, renderSnapshot, type Snapshot, type SnapshotWish, wishKey } from './snapshot.ts';

/** A snapshot in use: it can't be removed until this is disposed. */
export interface OpenSnapshot extends AsyncDisposable {
  readonly snapshot: Snapshot;
  /** The directory that Distribution.freeze filled; read only. */
  readonly frozenDirectory: string;
}

export interface CreateOptions {
  /** Called now and then with a line for people. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The snapshots of a state directory: `snapshots/ID/snapshot.json` and `snapshots/ID/frozen/`. One appears there whole,
 * by a rename, or not at all, and never changes. Who uses one holds a shared lock on it; who removes it, an exclusive one.
 */
export class SnapshotStore {
  readonly #state: StateDirectory;
  readonly #distribution: Pick<Distribution, 'freeze'>;
  readonly #now: () => Date;

  constructor(state: StateDirectory, distribution: Pick<Distribution, 'freeze'>, now = () => new Date()) {
    this.#state = state;
    this.#distribution = distribution;
    this.#now = now;
  }

  /**
   * Freezes the repositories as they are now. Where their state is that of a snapshot that is here already, that one is
   * the answer, unchanged. Throws what Distribution.freeze throws; nothing is left behind then.
   */
  async create(
    wish: SnapshotWish,
    options: CreateOptions = {},
  ): Promise<OpenSnapshot & { readonly isNew: boolean }> {
    await using scratch = await makeScratchDirectory(this.#state.tmp, 'snapshot');
    const frozenDirectory = join(scratch.path, 'frozen');
    await makeDirectory(frozenDirectory);
    const { kind, repositories, architecture, suite } = wish;
    const { id, releases } = await this.#distribution.freeze(
      { repositories, architecture, ...options },
      frozenDirectory,
    );
    const lock = await this.#lockShared(id);
    try {
      const made: Snapshot = {
        id,
        kind,
        createdAt: await this.#timeAfterOthers(),
        suite,
        architecture,
        repositories: repositories.map((repository) => ({ ...repository, uri: publicUri(repository.uri) })),
        releases,
      };
      await writeText(join(scratch.path, descriptionName), renderSnapshot(made));
      await syncTree(scratch.path);
      const isNew = await publishDirectory(scratch.path, this.#directory(id));
      if (isNew) await syncPath(this.#state.snapshots);
      return { ...this.#open(isNew ? made : await this.#read(id), lock), isNew };
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Now; or just after the newest one, where the clock was set back: the order of these is the order of their making. */
  async #timeAfterOthers(): Promise<string> {
    let after = 0;
    for (const id of await this.#ids()) {
      const known = parseSnapshot((await readTextIfExists(join(this.#directory(id), descriptionName))) ?? '');
      if (known !== undefined) after = Math.max(after, Date.parse(known.createdAt) + 1);
    }
    return new Date(Math.max(this.#now().getTime(), after)).toISOString();
  }

  /** All snapshots, newest first. Throws PasekaError index-corrupt for one that can't be read. */
  async list(): Promise<Snapshot[]> {
    const snapshots: Snapshot[] = [];
    for (const id of await this.#ids()) {
      const snapshot = await this.#readIfExists(id);
      if (snapshot !== undefined) snapshots.push(snapshot);
    }
    return snapshots.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
  }

  /** The snapshot whose id begins so. Throws PasekaError unknown-snapshot where there is none or more than one. */
  async show(idPrefix: string): Promise<Snapshot> {
    return this.#read(await this.#resolve(idPrefix));
  }

  /** The newest snapshot that was made for such a wish; undefined where there is none. */
  async findNewest(wish: SnapshotWish): Promise<Snapshot | undefined> {
    const key = wishKey(wish);
    return (await this.list()).find((snapshot) => wishKey(snapshot) === key);
  }

  /** Takes a snapshot into use. Throws PasekaError unknown-snapshot, index-corrupt. */
  async open(idPrefix: string): Promise<OpenSnapshot> {
    const id = await this.#resolve(idPrefix);
    const lock = await this.#lockShared(id);
    try {
      return this.#open(await this.#read(id), lock);
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Removes a snapshot; its id. Throws PasekaError unknown-snapshot, snapshot-in-use. */
  async remove(idPrefix: string): Promise<Sha256> {
    const id = await this.#resolve(idPrefix);
    await using lock = await tryLock(this.#lockPath(id), 'exclusive');
    if (lock === undefined) {
      throw new PasekaError(
        'snapshot-in-use',
        `the snapshot ${id.slice(0, 12)} is in use by another run`,
        'wait for that run to end, or stop it',
      );
    }
    if (!(await pathExists(this.#directory(id)))) throw await this.#unknown(idPrefix);
    await using scratch = await makeScratchDirectory(this.#state.tmp, 'removed');
    await moveFile(this.#directory(id), join(scratch.path, id));
    await removeTree(this.#lockPath(id));
    return id;
  }

  #open(snapshot: Snapshot, lock: FileLock): OpenSnapshot {
    return {
      snapshot,
      frozenDirectory: join(this.#directory(snapshot.id), 'frozen'),
      [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
    };
  }

  async #resolve(idPrefix: string): Promise<Sha256> {
    const matching = (await this.#ids()).filter(
      (id) => idPrefix !== '' && id.startsWith(idPrefix.toLowerCase()),
    );
    const [id] = matching;
    if (id === undefined) throw await this.#unknown(idPrefix);
    if (matching.length === 1) return id;
    throw new PasekaError(
      'unknown-snapshot',
      `${matching.length} snapshots begin with ${idPrefix}`,
      `say more of the id: ${matching.map((candidate) => candidate.slice(0, 12)).join(', ')}`,
    );
  }

  async #unknown(idPrefix: string): Promise<PasekaError> {
    const ids = (await this.#ids()).map((id) => id.slice(0, Math.max(8, idPrefix.length)));
    return new PasekaError(
      'unknown-snapshot',
      `there is no snapshot ${idPrefix}`,
      didYouMean(nearestNames(idPrefix, ids), '`paseka snapshot list` shows all of them'),
    );
  }

  async #ids(): Promise<Sha256[]> {
    return (await listDirectory(this.#state.snapshots)).flatMap((name) => parseSha256(name) ?? []);
  }

  async #read(id: Sha256): Promise<Snapshot> {
    return (await this.#readIfExists(id)) ?? Promise.reject(await this.#unknown(id));
  }

  async #readIfExists(id: Sha256): Promise<Snapshot | undefined> {
    const path = join(this.#directory(id), descriptionName);
    const text = await readTextIfExists(path);
    if (text === undefined && !(await pathExists(this.#directory(id)))) return undefined;
    const snapshot = parseSnapshot(text ?? '');
    if (snapshot !== undefined) return snapshot;
    throw new PasekaError(
      'index-corrupt',
      `the snapshot's description ${path} can't be read`,
      `run \`paseka snapshot remove ${id.slice(0, 12)}\` and create it again`,
    );
  }

  #directory(id: Sha256): string {
    return join(this.#state.snapshots, id);
  }

  #lockPath(id: Sha256): string {
    return join(this.#state.locks, `snapshot-${id}`);
  }

  #lockShared(id: Sha256): Promise<FileLock> {
    return waitForLock(this.#lockPath(id), 'shared');
  }
}

const descriptionName = 'snapshot.json';
