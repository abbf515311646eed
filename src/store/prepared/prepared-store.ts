// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseSha256, type Sha256 } from '../../base/digest.ts';
import { invariant } from '../../base/invariant.ts';
import { waitForLock } from '../../host/file-lock-wait.ts';
import {
  listDirectory,
  makeDirectory,
  publishDirectory,
  readTextIfExists,
  removeTree,
  writeText,
  writeTextAtomically,
} from '../../host/files.ts';
import { markUsed } from '../../host/pool-files.ts';
import { makeScratchDirectory, removeAtOnce } from '../../host/scratch-directory.ts';
import { lockThere } from '../../host/shared-use.ts';
import { diskUsage } from '../../host/tree-walk.ts';
import type { Unsettled } from '../../host/unsettled.ts';
import { type PreparedDirectory, preparedDescription, readPrepared } from './prepared-directory.ts';

export interface PreparedStoreOptions {
  readonly directory: string;
  readonly scratchDirectory: string;
  readonly lockDirectory: string;
  readonly unsettled: Unsettled;
  readonly now: () => Date;
}

/** A prepared directory that stays as long as this is not disposed of; it ends with the process too. */
export interface PreparedUse extends Disposable {
  readonly prepared: PreparedDirectory;
  /** What was prepared; never to be written to. */
  readonly directory: string;
}

/** What a prepared directory is made from, as it is at this moment. */
export type PreparedRecipe = Omit<PreparedDirectory, 'name' | 'preparedAt' | 'bytes'>;

export interface PrepareRequest<Failure> {
  readonly name: string;
  /** Asked when nobody else prepares this name, and once more when it was made: nothing may change meanwhile. */
  readonly recipe: () => Promise<PreparedRecipe>;
  /** Fills a directory, which exists and is empty. */
  readonly make: (directory: string) => Promise<'made' | Failure>;
  readonly signal?: AbortSignal;
  /** Called once where another process is preparing it. */
  readonly onWait?: () => void;
}

export type PrepareEnd<Failure> =
  /** The caller disposes of the use. `made` tells whether it was made now. */
  | { readonly kind: 'prepared'; readonly use: PreparedUse; readonly made: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** What it depends on was another while it was made than before. */
  | { readonly kind: 'changed'; readonly before: PreparedRecipe; readonly after: PreparedRecipe };

/** A name of the store. */
export interface PreparedName {
  readonly name: string;
  /** What clones of it are made from; undefined where it is not whole. */
  readonly current: PreparedDirectory | undefined;
  /** All that is there, by path: earlier ones that were in use when they were replaced, too. */
  readonly states: readonly { readonly path: string; readonly isCurrent: boolean }[];
}

const currentName = 'current';

/**
 * Prepared directories by name: `NAME/KEY/root`, and `NAME/current` says which key it is now. A state never changes: when its
 * inputs do, another is made beside it, and the name passes to that at once. Who uses a state has a shared lock on it; an
 * earlier state goes when nobody has. A half-made one lies in the scratch directory and is never seen.
 */
export class PreparedStore {
  readonly #options: PreparedStoreOptions;

  constructor(options: PreparedStoreOptions) {
    this.#options = options;
  }

  /** What the name stands for now, in use from then on; undefined where there is nothing of that name. */
  async use(name: string): Promise<PreparedUse | undefined> {
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
      const key = await this.#currentKey(name);
      if (key === undefined) return undefined;
      const use = await this.#useState(name, key);
      if (typeof use === 'object') return use;
      // removed meanwhile, for another one; or it went without a successor
      if (use === 'gone' && key === (await this.#currentKey(name))) return undefined;
      await delay(waitMs);
    }
  }

  /** Makes it where its inputs are others than those of what the name stands for. Throws PasekaError cancelled, disk-full. */
  async ensure<Failure>(request: PrepareRequest<Failure>): Promise<PrepareEnd<Failure>> {
    const { name } = request;
    const { lockDirectory, scratchDirectory, unsettled, now } = this.#options;
    await using _lock = await waitForLock(join(lockDirectory, `prepared-${name}`), 'exclusive', {
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...(request.onWait === undefined ? {} : { onWait: request.onWait }),
    });
    const recipe = await request.recipe();
    const there = await this.#useState(name, recipe.key);
    if (typeof there === 'object') {
      await this.#pass(name, recipe.key);
      return { kind: 'prepared', use: there, made: false };
    }
    await using scratch = await makeScratchDirectory(scratchDirectory, 'prepared');
    const place = join(scratch.path, 'place');
    const root = join(place, 'root');
    await makeDirectory(root);
    const end = await request.make(root);
    if (end !== 'made') return { kind: 'failed', failure: end };
    const after = await request.recipe();
    if (after.key !== recipe.key) return { kind: 'changed', before: recipe, after };
    const prepared: PreparedDirectory = {
      name,
      ...recipe,
      preparedAt: now().toISOString(),
      bytes: await diskUsage(root),
    };
    await writeText(preparedDescription(place), `${JSON.stringify(prepared)}\n`);
    const target = this.#at(name, recipe.key);
    // in use from the moment in which it can be seen
    const lock = lockThere(preparedDescription(place), 'shared');
    invariant(typeof lock === 'object', 'nobody else knows of it');
    unsettled.note(target);
    await removeAtOnce(target, scratchDirectory);
    const isPublished = await publishDirectory(place, target);
    invariant(isPublished, 'a state is made only where none is, under the lock of its name');
    await this.#pass(name, recipe.key);
    const use = { prepared, directory: join(target, 'root'), [Symbol.dispose]: () => lock[Symbol.dispose]() };
    return { kind: 'prepared', use, made: true };
  }

  /** All names, in their order. */
  async list(): Promise<PreparedName[]> {
    const names: PreparedName[] = [];
    for (const name of await listDirectory(this.#options.directory)) {
      const key = await this.#currentKey(name);
      const keys = await this.#keys(name);
      names.push({
        name,
        current: key === undefined ? undefined : await readPrepared(this.#at(name, key)),
        states: keys.map((other) => ({ path: this.#at(name, other), isCurrent: other === key })),
      });
    }
    return names;
  }

  /** Removes a name with all its states; `in-use` where clones of one run, and then nothing is removed. */
  async remove(name: string): Promise<'removed' | 'in-use' | 'absent'> {
    const { directory, lockDirectory, scratchDirectory } = this.#options;
    await using _lock = await waitForLock(join(lockDirectory, `prepared-${name}`), 'exclusive');
    if (!(await listDirectory(directory)).includes(name)) return 'absent';
    using stack = new DisposableStack();
    for (const key of await this.#keys(name)) {
      const lock = lockThere(preparedDescription(this.#at(name, key)), 'exclusive');
      if (lock === 'busy') return 'in-use';
      if (lock !== 'gone') stack.use(lock);
    }
    await removeAtOnce(join(directory, name), scratchDirectory);
    return 'removed';
  }

  /** Forgets names of which no state is left. For who keeps everybody else away. */
  async removeEmptyNames(): Promise<void> {
    for (const { name, states } of await this.list()) {
      if (states.length === 0) await removeTree(join(this.#options.directory, name));
    }
  }

  /** Lets the name stand for that state, and removes all others that nobody uses. The caller holds the name's lock. */
  async #pass(name: string, key: Sha256): Promise<void> {
    const current = join(this.#options.directory, name, currentName);
    if ((await this.#currentKey(name)) !== key) await writeTextAtomically(current, `${key}\n`);
    for (const other of await this.#keys(name)) {
      if (other === key) continue;
      const lock = lockThere(preparedDescription(this.#at(name, other)), 'exclusive');
      if (lock === 'busy') continue;
      await removeAtOnce(this.#at(name, other), this.#options.scratchDirectory);
      if (lock !== 'gone') lock[Symbol.dispose]();
    }
  }

  async #useState(name: string, key: Sha256): Promise<PreparedUse | 'gone' | 'busy'> {
    const directory = this.#at(name, key);
    const lock = lockThere(preparedDescription(directory), 'shared');
    if (typeof lock !== 'object') return lock;
    using stack = new DisposableStack();
    stack.use(lock);
    const prepared = await readPrepared(directory);
    if (prepared === undefined) return 'gone';
    await markUsed(preparedDescription(directory));
    const held = stack.move();
    return { prepared, directory: join(directory, 'root'), [Symbol.dispose]: () => held.dispose() };
  }

  async #currentKey(name: string): Promise<Sha256 | undefined> {
    const text = await readTextIfExists(join(this.#options.directory, name, currentName));
    return text === undefined ? undefined : parseSha256(text.trim());
  }

  async #keys(name: string): Promise<Sha256[]> {
    const entries = await listDirectory(join(this.#options.directory, name));
    return entries.map(parseSha256).filter((key) => key !== undefined);
  }

  #at(name: string, key: Sha256): string {
    return join(this.#options.directory, name, key);
  }
}
