// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { invariant } from '../base/invariant.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import {
  listDirectory,
  makeDirectory,
  publishDirectory,
  readTextIfExists,
  writeText,
} from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import { ownDiskUsage } from '../host/tree-walk.ts';
import type { Base } from './base-store.ts';
import { chooseParent, indexCachedLayers } from './plan/choose-parent.ts';

/** What a layer consists of, and how it is made. */
export interface LayerRequest<Failure> {
  readonly base: Base;
  /** Digests of the packages, in the order of installation where one is known. */
  readonly packages: readonly Sha256[];
  /** Names of packages of the base that go. */
  readonly removed: readonly string[];
  /** Makes its files; a failure is no layer. */
  readonly make: (
    place: LayerPlace,
  ) => Promise<LayerMade | { readonly kind: 'failed'; readonly failure: Failure }>;
  readonly signal: AbortSignal;
}

/** How the files of a layer came about: linked from the store, or all installed by the packaging system alone. */
export interface LayerMade {
  readonly kind: 'linked' | 'installed';
}

/** Where a layer is made. */
export interface LayerPlace {
  /** Existing and empty: what is in it afterwards is the layer, a lower directory of roots. */
  readonly directory: string;
  /** What it will lie over, topmost first: the layer that it is made over, if any, and the base. */
  readonly lower: readonly string[];
  /** Those of the packages that are not there yet, by their place among the wanted. */
  readonly missing: readonly number[];
  /** For what is needed meanwhile; existing and empty, on the same file system. */
  readonly scratch: string;
}

export type LayerEnd<Failure> =
  /** Lower directories for a root, topmost first. */
  | { readonly kind: 'layer'; readonly lower: readonly string[]; readonly made: LayerMade['kind'] }
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

/** Most layers over a base that a root has below it: what mount(2) takes as options is one page. */
const mostLayers = 4;

/**
 * Installed sets of packages over a base, immutable, by the digest of what they consist of; each is made once, even when
 * several builds ask for it at once and in several processes. One may be made over another that has a part of its
 * packages. A half-made one lies in the scratch directory and is never seen. Bounded: when the budget is spent no more
 * are made; `gc` removes those that were not used for long.
 */
export class LayerStore {
  readonly #options: LayerStoreOptions;
  readonly #making = new Map<Sha256, Promise<boolean>>();
  #known: Promise<Map<Sha256, Layer>> | undefined;

  constructor(options: LayerStoreOptions) {
    this.#options = options;
  }

  /** The layer, made if it isn't there. */
  async ensure<Failure>(request: LayerRequest<Failure>): Promise<LayerEnd<Failure>> {
    const { base } = request;
    if (request.packages.length === 0 && request.removed.length === 0) {
      return { kind: 'layer', lower: [base.directory], made: 'linked' };
    }
    const id = layerId(request);
    for (;;) {
      const found = await this.#find(id);
      if (found !== undefined) return this.#end(found, base);
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
    if (failure !== undefined) return { kind: 'failed', failure };
    const made = await this.#find(id);
    invariant(made !== undefined, 'a layer that was made is there');
    return this.#end(made, base);
  }

  async #end(layer: Layer, base: Base): Promise<Extract<LayerEnd<never>, { kind: 'layer' }>> {
    return { kind: 'layer', lower: await this.#lower(layer, base), made: layer.made };
  }

  async #make<Failure>(id: Sha256, request: LayerRequest<Failure>): Promise<Failure | undefined> {
    const { lockDirectory, scratchDirectory } = this.#options;
    await using _lock = await waitForLock(join(lockDirectory, `layer-${id}`), 'exclusive', {
      signal: request.signal,
    });
    if ((await this.#find(id)) !== undefined) return undefined;
    await using scratch = await makeScratchDirectory(scratchDirectory, 'layer');
    const place = join(scratch.path, 'place');
    const directory = join(place, 'root');
    const forMaker = join(scratch.path, 'scratch');
    for (const path of [directory, forMaker]) await makeDirectory(path);
    const parent = await this.#chooseParent(request);
    const has = new Set(parent?.packages);
    const end = await request.make({
      directory,
      lower: parent === undefined ? [request.base.directory] : await this.#lower(parent, request.base),
      missing: request.packages.flatMap((sha256, index) => (has.has(sha256) ? [] : [index])),
      scratch: forMaker,
    });
    if (end.kind === 'failed') return end.failure;
    const layer: Layer = {
      id,
      base: request.base.id,
      parent: parent?.id ?? null,
      packages: request.packages,
      removed: request.removed,
      made: end.kind,
      bytes: await ownDiskUsage(place),
    };
    await writeText(join(place, descriptionName), `${JSON.stringify(layer)}\n`);
    await publishDirectory(place, this.#at(id));
    (await this.#layers()).set(id, layer);
    return undefined;
  }

  /** Whether the layer is there already. */
  async has(request: Pick<LayerRequest<unknown>, 'base' | 'packages' | 'removed'>): Promise<boolean> {
    return request.packages.length === 0 || (await this.#find(layerId(request))) !== undefined;
  }

  /** The sets of all layers over a base that others can be made over. */
  async setsOver(
    base: Sha256,
  ): Promise<{ readonly id: Sha256; readonly packages: readonly Sha256[]; readonly depth: number }[]> {
    const layers = await this.#layers();
    const depthOf = ({ parent }: Layer): number => {
      if (parent === null) return 1;
      const below = layers.get(parent);
      return below === undefined ? Number.POSITIVE_INFINITY : 1 + depthOf(below);
    };
    return [...layers.values()]
      .filter((layer) => layer.base === base && layer.removed.length === 0)
      .map((layer) => ({ id: layer.id, packages: layer.packages, depth: depthOf(layer) }));
  }

  async #chooseParent(request: LayerRequest<unknown>): Promise<Layer | undefined> {
    if (request.removed.length > 0) return undefined;
    const sets = await this.setsOver(request.base.id);
    const index = indexCachedLayers(sets, { costMs: () => 1, parentMs: 1, maxDepth: mostLayers });
    const chosen = chooseParent(index, request.packages);
    const set = chosen === undefined ? undefined : sets[chosen.layer];
    return set === undefined ? undefined : this.#find(set.id);
  }

  /** Looks on disk: another process may have made it, or removed it. */
  async #find(id: Sha256): Promise<Layer | undefined> {
    const layers = await this.#layers();
    const layer = layers.get(id) ?? (await readLayer(this.#at(id)));
    if (layer === undefined) return undefined;
    try {
      await markUsed(layerDescription(this.#at(id)));
    } catch {
      layers.delete(id);
      return undefined;
    }
    layers.set(id, layer);
    return layer;
  }

  /** Lower directories of a root that is to have the layer, topmost first; those below it count as used too. */
  async #lower(layer: Layer, base: Base): Promise<string[]> {
    const own = join(this.#at(layer.id), 'root');
    if (layer.parent === null) return [own, base.directory];
    const parent = await this.#find(layer.parent);
    invariant(parent !== undefined, 'what a layer was made over stays as long as the layer');
    return [own, ...(await this.#lower(parent, base))];
  }

  #at(id: Sha256): string {
    return join(this.#options.directory, id);
  }

  async #spentBytes(): Promise<number> {
    return (await this.#layers()).values().reduce((sum, layer) => sum + layer.bytes, 0);
  }

  #layers(): Promise<Map<Sha256, Layer>> {
    this.#known ??= readLayers(this.#options.directory);
    return this.#known;
  }
}

/** What a layer's description says. */
export interface Layer {
  readonly id: Sha256;
  readonly base: string;
  /** The layer that it lies over; null where that is the base. */
  readonly parent: Sha256 | null;
  /** Digests of all packages, those of the layers below included. */
  readonly packages: readonly Sha256[];
  readonly removed: readonly string[];
  readonly made: LayerMade['kind'];
  /** What it takes on disk besides the unpacked packages. */
  readonly bytes: number;
}

/** Reads a layer's description; undefined where there is none. */
export async function readLayer(directory: string): Promise<Layer | undefined> {
  const text = await readTextIfExists(join(directory, descriptionName));
  if (text === undefined) return undefined;
  const layer = JSON.parse(text) as Layer;
  // what an older program made says only how many packages it has
  return Array.isArray(layer.packages) ? layer : undefined;
}

async function readLayers(directory: string): Promise<Map<Sha256, Layer>> {
  const layers = new Map<Sha256, Layer>();
  for (const id of await listDirectory(directory)) {
    const layer = await readLayer(join(directory, id));
    if (layer !== undefined) layers.set(layer.id, layer);
  }
  return layers;
}

/** Where a layer notes its last use. */
export function layerDescription(directory: string): string {
  return join(directory, descriptionName);
}

/**
 * Everything that can change the result: the base stands for its own content, its tools and how they are called; the
 * packages by content; the recipe for how they are brought in. Neither their order nor the layer below is part of it:
 * dpkg configures by dependencies, and that the result is the same is what `paseka layer compare` proves.
 */
function layerId(request: Pick<LayerRequest<unknown>, 'base' | 'packages' | 'removed'>): Sha256 {
  return digestOfParts({
    base: request.base.id,
    packages: request.packages.toSorted().join(' '),
    removed: request.removed.toSorted().join(' '),
    recipe: String(recipeVersion),
  });
}

/** Raise it when the way in which packages are installed changes what a layer has in it. */
const recipeVersion = 2;
