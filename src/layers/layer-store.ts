// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import {
  listDirectory,
  makeDirectory,
  pathExists,
  publishDirectory,
  readTextIfExists,
  removeTree,
  writeText,
} from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import { diskUsage } from '../host/tree-walk.ts';
import type { Base } from './base-store.ts';

/** What a layer consists of, and how it is made. */
export interface LayerRequest<Failure> {
  readonly base: Base;
  /** Digests of the packages in the order of installation. */
  readonly packages: readonly Sha256[];
  /** Names of packages of the base that go. */
  readonly removed: readonly string[];
  /** Installs them in a root over the base whose written files stay in `upper` below `keepIn`; a failure is no layer. */
  readonly make: (keepIn: string) => Promise<Failure | undefined>;
  readonly signal: AbortSignal;
}

export type LayerEnd<Failure> =
  /** Lower directories for a root, topmost first. */
  | { readonly kind: 'layer'; readonly lower: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The layers take all the room that they may: the caller installs into its own root. */
  | { readonly kind: 'no-room' };

export interface LayerStoreOptions {
  readonly directory: string;
  readonly scratchDirectory: string;
  readonly lockDirectory: string;
  /** What all layers together may take on disk. */
  readonly budgetBytes: number;
}

const descriptionName = 'layer.json';

/**
 * Installed sets of packages over a base, immutable, by the digest of what they consist of; each is made once, even when
 * several builds ask for it at once and in several processes. A half-made one lies in the scratch directory and is never
 * seen. Bounded: when the budget is spent no more are made; `gc` removes those that were not used for long.
 */
export class LayerStore {
  readonly #options: LayerStoreOptions;
  readonly #making = new Map<Sha256, Promise<boolean>>();
  #bytes: Promise<number> | undefined;

  constructor(options: LayerStoreOptions) {
    this.#options = options;
  }

  /** The layer, made if it isn't there. */
  async ensure<Failure>(request: LayerRequest<Failure>): Promise<LayerEnd<Failure>> {
    const { base } = request;
    if (request.packages.length === 0 && request.removed.length === 0) {
      return { kind: 'layer', lower: [base.directory] };
    }
    const id = layerId(request);
    const found: LayerEnd<Failure> = { kind: 'layer', lower: [join(this.#at(id), 'root'), base.directory] };
    for (;;) {
      if (await pathExists(join(this.#at(id), descriptionName))) {
        await markUsed(join(this.#at(id), descriptionName));
        return found;
      }
      const other = this.#making.get(id);
      if (other === undefined) break;
      // Whoever makes it may fail for reasons of its own (cancelled, out of memory): then it is this one's turn.
      await other.catch(() => false);
    }
    if ((await this.#spentBytes()) >= this.#options.budgetBytes) return { kind: 'no-room' };
    let failure: Failure | undefined;
    const making = this.#make(id, request).then((ended) => {
      failure = ended;
      return ended === undefined;
    });
    this.#making.set(id, making);
    try {
      await making;
    } finally {
      this.#making.delete(id);
    }
    return failure === undefined ? found : { kind: 'failed', failure };
  }

  async #make<Failure>(id: Sha256, request: LayerRequest<Failure>): Promise<Failure | undefined> {
    const { lockDirectory, scratchDirectory } = this.#options;
    await using _lock = await waitForLock(join(lockDirectory, `layer-${id}`), 'exclusive', {
      signal: request.signal,
    });
    if (await pathExists(join(this.#at(id), descriptionName))) return undefined;
    await using scratch = await makeScratchDirectory(scratchDirectory, 'layer');
    const keepIn = join(scratch.path, 'made');
    await makeDirectory(keepIn);
    const failure = await request.make(keepIn);
    if (failure !== undefined) return failure;
    const place = join(scratch.path, 'place');
    await makeDirectory(place);
    await publishDirectory(join(keepIn, 'upper'), join(place, 'root'));
    await removeTree(keepIn);
    const bytes = await diskUsage(place);
    await writeText(
      join(place, descriptionName),
      `${JSON.stringify({ id, base: request.base.id, packages: request.packages.length, bytes })}\n`,
    );
    await publishDirectory(place, this.#at(id));
    this.#bytes = Promise.resolve((await this.#spentBytes()) + bytes);
    return undefined;
  }

  #at(id: Sha256): string {
    return join(this.#options.directory, id);
  }

  #spentBytes(): Promise<number> {
    this.#bytes ??= this.#countBytes();
    return this.#bytes;
  }

  async #countBytes(): Promise<number> {
    let bytes = 0;
    for (const id of await listDirectory(this.#options.directory)) {
      bytes += (await readLayer(join(this.#options.directory, id)))?.bytes ?? 0;
    }
    return bytes;
  }
}

/** What a layer's description says; undefined where there is none. */
export async function readLayer(
  directory: string,
): Promise<{ readonly base: string; readonly bytes: number } | undefined> {
  const text = await readTextIfExists(join(directory, descriptionName));
  if (text === undefined) return undefined;
  const { base, bytes } = JSON.parse(text) as { base?: unknown; bytes?: unknown };
  return { base: String(base), bytes: Number(bytes) };
}

/** Where a layer notes its last use. */
export function layerDescription(directory: string): string {
  return join(directory, descriptionName);
}

/**
 * Everything that can change the result: the base stands for its own content, its tools and how they are called; the
 * packages by content and in order, because maintainer scripts see what was installed before them.
 */
function layerId(request: LayerRequest<unknown>): Sha256 {
  return digestOfParts({
    base: request.base.id,
    packages: request.packages.join(' '),
    removed: request.removed.join(' '),
  });
}
