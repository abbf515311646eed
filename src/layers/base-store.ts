// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { BaseVariant, Distribution, ResolveContext } from '../distro/distribution.ts';
import type { Root } from '../distro/root.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import { makeDirectory, pathExists, publishDirectory, writeText } from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import type { Pool } from '../store/pool.ts';

/** Raise it when what makeBase() leaves in a base changes: older bases are then not used any more. */
const recipeVersion = 2;

/** A minimal installed root of a snapshot, immutable. */
export interface Base {
  readonly id: Sha256;
  readonly variant: BaseVariant;
  /** Its `/`. */
  readonly directory: string;
  /** What resolving over it needs, made ready once. */
  readonly preparedDirectory: string;
}

/** What a base is made from. */
export interface BaseSource {
  readonly snapshotId: Sha256;
  readonly frozenDirectory: string;
  readonly architecture: string;
  readonly catalog: Catalog;
}

export interface BaseStoreOptions {
  /** Where bases are kept, and on the same file system a place for those being made. */
  readonly directory: string;
  readonly scratchDirectory: string;
  readonly lockDirectory: string;
  readonly distribution: Distribution;
  readonly pool: Pool;
  /** A fresh private root over a base, for the packaging system's own preparations. */
  readonly withRoot: <T>(
    baseDirectory: string,
    use: (root: Root) => Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
  readonly onProgress: (what: string) => void;
  readonly onOutput: (text: string) => void;
}

/**
 * Bases by the digest of what they are made from. Each is made once, even when several ask at once and in several
 * processes; a half-made one lies in the scratch directory and is never seen.
 */
export class BaseStore {
  readonly #options: BaseStoreOptions;
  readonly #making = new Map<Sha256, Promise<Base>>();

  constructor(options: BaseStoreOptions) {
    this.#options = options;
  }

  /** The base, made if it isn't there. Throws PasekaError base-failed, mirror-unreachable, file-not-on-mirror, ... */
  ensure(source: BaseSource, variant: BaseVariant, signal?: AbortSignal): Promise<Base> {
    // The snapshot's id stands for every package's content, so no package list is needed in the key.
    const id = digestOfParts({
      snapshot: source.snapshotId,
      variant,
      architecture: source.architecture,
      recipe: String(recipeVersion),
    });
    const making = this.#making.get(id);
    if (making !== undefined) return making;
    const made = this.#ensure(id, source, variant, signal);
    this.#making.set(id, made);
    made.catch(() => this.#making.delete(id));
    return made;
  }

  async #ensure(id: Sha256, source: BaseSource, variant: BaseVariant, signal?: AbortSignal): Promise<Base> {
    const base = this.#at(id, variant);
    if (await this.#isThere(base)) {
      await markUsed(descriptionOf(base));
      return base;
    }
    await using _lock = await waitForLock(
      join(this.#options.lockDirectory, `base-${id}`),
      'exclusive',
      signal === undefined ? {} : { signal },
    );
    if (await this.#isThere(base)) return base;
    await this.#make(base, source, signal);
    return base;
  }

  #at(id: Sha256, variant: BaseVariant): Base {
    const place = join(this.#options.directory, id);
    return { id, variant, directory: join(place, 'root'), preparedDirectory: join(place, 'prepared') };
  }

  #isThere(base: Base): Promise<boolean> {
    return pathExists(descriptionOf(base));
  }

  async #make(base: Base, source: BaseSource, signal?: AbortSignal): Promise<void> {
    const { distribution, pool, onProgress, onOutput, withRoot } = this.#options;
    const { frozenDirectory, architecture, catalog } = source;
    const variant = base.variant;
    await using scratch = await makeScratchDirectory(this.#options.scratchDirectory, 'base');
    const place = join(scratch.path, 'place');
    const work = join(scratch.path, 'work');
    const directory = join(place, 'root');
    const preparedDirectory = join(place, 'prepared');
    for (const path of [place, work, preparedDirectory]) await makeDirectory(path);
    const stop = signal === undefined ? {} : { signal };

    onProgress(`choosing the packages of the ${variant} base`);
    const packages = await distribution.listBasePackages({ frozenDirectory, architecture, variant, ...stop });
    onProgress(`fetching ${packages.length} packages of the ${variant} base`);
    for (const fetched of await pool.fetchAll(packages, stop)) {
      if (fetched.kind === 'missing') {
        throw new PasekaError(
          'file-not-on-mirror',
          `the mirror does not have ${fetched.url} any more`,
          'create a newer snapshot (paseka snapshot create), or use a mirror that keeps old files',
        );
      }
    }
    onProgress(`making the ${variant} base from ${packages.length} packages`);
    await distribution.makeBase({
      frozenDirectory,
      architecture,
      variant,
      packages,
      pathOf: (file) => pool.pathOf(file.sha256),
      directory,
      scratchDirectory: work,
      onOutput,
      ...stop,
    });
    const context: ResolveContext = {
      baseDirectory: directory,
      frozenDirectory,
      preparedDirectory,
      catalog,
      scratchDirectory: work,
    };
    await withRoot(directory, (root) => distribution.prepareResolver(root, context), signal);
    const description = {
      id: base.id,
      variant,
      snapshot: source.snapshotId,
      architecture,
      packages: packages.length,
    };
    await writeText(join(place, 'base.json'), `${JSON.stringify(description)}\n`);
    await publishDirectory(place, join(this.#options.directory, base.id));
  }
}

function descriptionOf(base: Base): string {
  return join(base.directory, '..', 'base.json');
}
