// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { digestOfParts, parseSha256, type Sha256 } from '../base/digest.ts';
import { invariant } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { BaseVariant, Distribution } from '../distro/distribution.ts';
import type { ResolveContext } from '../distro/resolution.ts';
import type { Root } from '../distro/root.ts';
import { haveDirectoryTimes, readDirectoryTimes } from '../host/directory-times.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import {
  makeDirectory,
  pathExists,
  publishDirectory,
  readTextIfExists,
  removeTree,
  writeText,
} from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import type { Unsettled } from '../host/unsettled.ts';
import { openUnsyncedView } from '../host/unsynced-view.ts';
import type { CheckedSignatures } from '../store/checked-signatures.ts';
import type { Pool } from '../store/pool.ts';

/** Raise it when what makeBase() leaves in a base changes: older bases are then not used any more. */
const recipeVersion = 2;

/** A minimal installed root of a snapshot, immutable. */
export interface Base {
  readonly id: Sha256;
  /**
   * Digest of what is in it: bases of different snapshots with the same packages have the same. Its own id, where the program
   * that made it kept no note of that.
   */
  readonly contents: Sha256;
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
  readonly unsettled: Unsettled;
  readonly distribution: Distribution;
  readonly pool: Pool;
  readonly signatures: CheckedSignatures;
  /** Whether overlays on the disk can hold all that packages do: then making a base waits for no disk. */
  readonly canWriteUnsynced: boolean;
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
    const place = this.#at(id, variant);
    const known = await this.#look(place);
    if (typeof known !== 'string') {
      await markUsed(descriptionOf(place));
      return known;
    }
    await using _lock = await waitForLock(
      join(this.#options.lockDirectory, `base-${id}`),
      'exclusive',
      signal === undefined ? {} : { signal },
    );
    const found = await this.#look(place);
    if (typeof found !== 'string') return found;
    if (found === 'damaged') {
      this.#options.onProgress(`the ${variant} base was changed by somebody: making it anew`);
      await this.#setAside(place);
    }
    return await this.#make(place, source, signal);
  }

  #at(id: Sha256, variant: BaseVariant): BasePlace {
    const place = join(this.#options.directory, id);
    return { id, variant, directory: join(place, 'root'), preparedDirectory: join(place, 'prepared') };
  }

  /**
   * Nobody but users' own hands changes a base. What a hand removes, adds or renames in its upper directories is seen
   * here, in a millisecond; what happens deeper, or to a file's content, isn't.
   */
  async #look(place: BasePlace): Promise<Base | 'damaged' | 'absent'> {
    if (!(await pathExists(placeOf(place)))) return 'absent';
    const description = parseDescription((await readTextIfExists(descriptionOf(place))) ?? '');
    if (description === undefined || !haveDirectoryTimes(place.directory, description.times))
      return 'damaged';
    return { ...place, contents: parseSha256(description.contents ?? '') ?? place.id };
  }

  /**
   * Takes a damaged base out of the way. It isn't removed, for others may be working over it; without a description it
   * is nobody's, and garbage to be collected.
   */
  async #setAside(base: BasePlace): Promise<void> {
    await removeTree(descriptionOf(base));
    await publishDirectory(placeOf(base), `${placeOf(base)}-damaged-${randomUUID()}`);
  }

  async #make(base: BasePlace, source: BaseSource, signal?: AbortSignal): Promise<Base> {
    const { distribution, pool, signatures, onProgress, onOutput, withRoot } = this.#options;
    const { frozenDirectory, architecture, catalog } = source;
    const variant = base.variant;
    await using scratch = await makeScratchDirectory(this.#options.scratchDirectory, 'base');
    const place = join(scratch.path, 'place');
    const work = join(scratch.path, 'work');
    const directory = join(place, 'root');
    const preparedDirectory = join(place, 'prepared');
    for (const path of [place, work, preparedDirectory]) await makeDirectory(path);
    await makeDirectory(directory, 0o755);
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
    await signatures.verify(distribution, {
      frozenDirectory,
      files: packages,
      pathOf: ({ sha256 }) => pool.pathOf(sha256),
      scratchDirectory: work,
      ...stop,
    });
    onProgress(`making the ${variant} base from ${packages.length} packages`);
    await this.#unsynced(place, scratch.path, (view) =>
      distribution.makeBase({
        frozenDirectory,
        architecture,
        variant,
        packages,
        pathOf: (file) => pool.pathOf(file.sha256),
        directory: join(view, 'root'),
        scratchDirectory: work,
        onOutput,
        ...stop,
      }),
    );
    const context: ResolveContext = {
      baseDirectory: directory,
      frozenDirectory,
      preparedDirectory,
      catalog,
      scratchDirectory: work,
    };
    await withRoot(directory, (root) => distribution.prepareResolver(root, context), signal);
    const contents = digestOfParts({
      packages: packages
        .map((file) => file.sha256)
        .sort()
        .join(' '),
      variant,
      architecture,
      recipe: String(recipeVersion),
    });
    const description = {
      id: base.id,
      contents,
      variant,
      snapshot: source.snapshotId,
      architecture,
      packages: packages.length,
      times: readDirectoryTimes(directory, witnessedDepth),
    };
    await writeText(join(place, 'base.json'), `${JSON.stringify(description)}\n`);
    this.#options.unsettled.note(placeOf(base));
    const isPublished = await publishDirectory(place, placeOf(base));
    invariant(isPublished, 'a base is made only where none is, under its lock');
    return { ...base, contents };
  }

  /** Gives `make` a view of `place` where tools don't wait for the disk: a half-made base is never used. */
  async #unsynced(
    place: string,
    scratchDirectory: string,
    make: (view: string) => Promise<void>,
  ): Promise<void> {
    if (!this.#options.canWriteUnsynced) return make(place);
    const overlay = join(scratchDirectory, 'overlay');
    await makeDirectory(overlay);
    await using view = await openUnsyncedView(place, overlay);
    await make(view.path);
  }
}

/** A base of which nothing but its place is known. */
type BasePlace = Omit<Base, 'contents'>;

const descriptionSchema = z.object({
  snapshot: z.string(),
  contents: z.string().optional(),
  times: z.record(z.string(), z.string()),
});

/** Undefined where it isn't one, or one of an older program's. */
function parseDescription(text: string): z.infer<typeof descriptionSchema> | undefined {
  try {
    return descriptionSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The snapshot that a base was made from, by its description; undefined where that can't be read. */
export function baseSnapshot(text: string): string | undefined {
  return parseDescription(text)?.snapshot;
}

/** `usr/share/perl5` and `var/lib/dpkg` are within it; the next level would be three times as many. */
const witnessedDepth = 3;

function placeOf(base: BasePlace): string {
  return dirname(base.directory);
}

function descriptionOf(base: BasePlace): string {
  return join(placeOf(base), 'base.json');
}
