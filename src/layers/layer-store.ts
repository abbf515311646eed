// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { invariant } from '../base/invariant.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import { emptyDirectory, makeDirectory, pathExists, publishDirectory, writeText } from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';
import { makeScratchDirectory, removeAtOnce } from '../host/scratch-directory.ts';
import { lockThere } from '../host/shared-use.ts';
import { ownDiskUsage } from '../host/tree-walk.ts';
import type { Unsettled } from '../host/unsettled.ts';
import type { Base } from './base-store.ts';
import { evictLayers } from './evict-layers.ts';
import {
  type Layer,
  layerDescription,
  layerId,
  layerRecipe,
  readLayer,
  readLayers,
} from './layer-description.ts';
import type { LayerEnd, LayerMade, LayerRequest } from './layer-request.ts';
import { type LayerSet, setsOver } from './layer-sets.ts';
import { ExpectedLayers, type LayerUse, useLayerAt } from './layer-uses.ts';
import { chooseParent, indexCachedLayers } from './plan/choose-parent.ts';
import type { MadeLayer } from './plan/fit-costs.ts';

export interface LayerStoreOptions {
  readonly directory: string;
  readonly scratchDirectory: string;
  readonly lockDirectory: string;
  /** What all layers together may take on disk. */
  readonly budgetBytes: number;
  readonly unsettled: Unsettled;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Most layers over a base that a root has below it: what mount(2) takes as options is one page. */
const mostLayers = 4;

/**
 * Installed sets of packages over a base, immutable, by the digest of what they consist of; each is made once, even when
 * several builds ask for it at once and in several processes. One may be made over another that has a part of its
 * packages. A half-made one lies in the scratch directory and is never seen. Bounded: when the budget is spent, those go that
 * nobody uses and that cost least to make again (plan/choose-evictions.ts); `gc` removes what was not used for long.
 */
export class LayerStore {
  readonly #options: LayerStoreOptions;
  readonly #making = new Map<Sha256, Promise<unknown>>();
  readonly #expected = new ExpectedLayers();
  #known: Promise<Map<Sha256, Layer>> | undefined;

  constructor(options: LayerStoreOptions) {
    this.#options = options;
  }

  /** The layer, made if it isn't there. */
  async ensure<Failure>(request: LayerRequest<Failure>): Promise<LayerEnd<Failure>> {
    const id = this.idOf(request);
    for (;;) {
      const found = await this.find(request);
      if (found !== undefined) return found;
      const other = this.#making.get(id);
      if (other === undefined) break;
      // Whoever makes it may fail for reasons of its own (cancelled, out of memory): then it is this one's turn.
      await other.catch(() => undefined);
    }
    const making = this.#make(id, request);
    this.#making.set(id, making);
    try {
      return await making;
    } finally {
      this.#making.delete(id);
    }
  }

  /** The layer, if it is there. */
  async find(
    request: Pick<LayerRequest<unknown>, 'base' | 'packages' | 'removed'>,
  ): Promise<Extract<LayerEnd<never>, { kind: 'layer' }> | undefined> {
    const { base } = request;
    if (request.packages.length === 0 && request.removed.length === 0) {
      return {
        kind: 'layer',
        use: { lower: [base.directory], [Symbol.dispose]: () => undefined },
        made: 'linked',
      };
    }
    const found = await this.#use(this.idOf(request), base);
    return found === undefined ? undefined : { kind: 'layer', use: found.use, made: found.layer.made };
  }

  /** What identifies the layer of a set, whether it is there or not. */
  idOf(request: Pick<LayerRequest<unknown>, 'base' | 'packages' | 'removed'>): Sha256 {
    return layerId({ ...request, base: request.base.id });
  }

  /** Says that layers will be wanted soon, until disposed: they are not evicted, by this process. */
  expect(ids: readonly Sha256[]): Disposable {
    return this.#expected.add(ids);
  }

  /** The sets of all layers over a base that others can be made over. */
  async setsOver(base: Sha256): Promise<LayerSet[]> {
    return setsOver(await this.#layers(), base);
  }

  /** What making the layers took that are there: those that were linked, for which it was measured. */
  async made(): Promise<MadeLayer[]> {
    const layers = await this.#layers();
    return [...layers.values()].flatMap(({ made, madeMs, packages, parent }) => {
      const below = parent === null ? 0 : layers.get(parent)?.packages.length;
      if (made !== 'linked' || madeMs === undefined || below === undefined) return [];
      return [{ packages: packages.length - below, madeMs }];
    });
  }

  async #make<Failure>(id: Sha256, request: LayerRequest<Failure>): Promise<LayerEnd<Failure>> {
    const { base } = request;
    const { lockDirectory, scratchDirectory } = this.#options;
    await using _lock = await waitForLock(join(lockDirectory, `layer-${id}`), 'exclusive', {
      signal: request.signal,
    });
    const found = await this.find(request);
    if (found !== undefined) return found;
    if (!(await this.#removeUnusable(id))) return { kind: 'no-room' };
    if (!(await this.#makeRoom(request.signal))) return { kind: 'no-room' };
    await using scratch = await makeScratchDirectory(scratchDirectory, 'layer');
    const place = join(scratch.path, 'place');
    const directory = join(place, 'root');
    const forMaker = join(scratch.path, 'scratch');
    for (const path of [directory, forMaker]) await makeDirectory(path);
    using stack = new DisposableStack();
    const { end, parent, below, madeMs } = await this.#makeOverParent(request, directory, forMaker);
    stack.use(below);
    if (end.kind === 'failed') return { kind: 'failed', failure: end.failure };
    const layer: Layer = {
      id,
      base: base.id,
      parent,
      packages: request.packages,
      removed: request.removed,
      made: end.kind,
      recipe: layerRecipe,
      bytes: await ownDiskUsage(place),
      madeMs,
    };
    await writeText(layerDescription(place), `${JSON.stringify(layer)}\n`);
    // in use from the moment in which it can be seen
    const own = await useLayerAt(place);
    invariant(own !== undefined, 'nobody else knows of it');
    stack.use(own);
    this.#options.unsettled.note(this.#at(id));
    const isPublished = await publishDirectory(place, this.#at(id));
    invariant(isPublished, 'a layer is made only where none is, under its lock');
    (await this.#layers()).set(id, layer);
    const held = stack.move();
    const lower = [join(this.#at(id), 'root'), ...below.lower];
    return { kind: 'layer', use: { lower, [Symbol.dispose]: () => held.dispose() }, made: layer.made };
  }

  /** Makes the files over the best layer that they can be made over, else over the base; the caller disposes of `below`. */
  async #makeOverParent<Failure>(
    request: LayerRequest<Failure>,
    directory: string,
    scratch: string,
  ): Promise<{
    readonly end: LayerMade | { readonly kind: 'failed'; readonly failure: Failure };
    readonly parent: Sha256 | null;
    readonly below: LayerUse;
    /** Without what was refused before. */
    readonly madeMs: number;
  }> {
    const unfit: string[] = [];
    for (;;) {
      const parent = await this.#chooseParent(request, unfit);
      using stack = new DisposableStack();
      if (parent !== undefined) stack.use(parent.use);
      const lower = parent?.use.lower ?? [request.base.directory];
      const has = new Set(parent?.layer.packages);
      const started = this.#options.now();
      const end = await request.make({
        directory,
        lower,
        missing: request.packages.flatMap((sha256, index) => (has.has(sha256) ? [] : [index])),
        scratch,
      });
      if (end.kind !== 'not-over') {
        const held = stack.move();
        const below: LayerUse = { lower, [Symbol.dispose]: () => held.dispose() };
        return { end, parent: parent?.layer.id ?? null, below, madeMs: this.#options.now() - started };
      }
      invariant(parent !== undefined, 'every layer can be made over the base');
      unfit.push(...end.paths);
      await emptyDirectory(directory);
      await emptyDirectory(scratch);
    }
  }

  /** The best layer for a set to lie over, of those that have put down none of these paths. */
  async #chooseParent(
    request: LayerRequest<unknown>,
    unfit: readonly string[],
  ): Promise<{ readonly layer: Layer; readonly use: LayerUse } | undefined> {
    if (request.removed.length > 0) return undefined;
    for (;;) {
      const sets: LayerSet[] = [];
      for (const set of await this.setsOver(request.base.id)) {
        if (!(await this.#hasPutDown(set, unfit))) sets.push(set);
      }
      const index = indexCachedLayers(sets, { costMs: () => 1, parentMs: 1, maxDepth: mostLayers });
      const chosen = chooseParent(index, request.packages);
      const set = chosen === undefined ? undefined : sets[chosen.layer];
      if (set === undefined) return undefined;
      const parent = await this.#use(set.id, request.base);
      if (parent !== undefined) return parent;
      // evicted meanwhile, and forgotten now
    }
  }

  async #hasPutDown({ chain }: LayerSet, paths: readonly string[]): Promise<boolean> {
    for (const id of chain) {
      for (const path of paths) if (await pathExists(join(this.#at(id), 'root', path))) return true;
    }
    return false;
  }

  /** Looks on disk: another process may have made it, or evicted it. What is below it is used with it. */
  async #use(id: Sha256, base: Base): Promise<{ readonly layer: Layer; readonly use: LayerUse } | undefined> {
    using stack = new DisposableStack();
    const layers = await this.#layers();
    const lower: string[] = [];
    let topmost: Layer | undefined;
    for (let next: Sha256 | null = id; next !== null; ) {
      const directory = this.#at(next);
      const own = await useLayerAt(directory);
      if (own !== undefined) stack.use(own);
      // what is known of it may be of one that was evicted and made again, over another
      const layer: Layer | undefined = own === undefined ? undefined : await readLayer(directory);
      if (layer === undefined) {
        layers.delete(next);
        return undefined;
      }
      await markUsed(layerDescription(directory));
      layers.set(next, layer);
      topmost ??= layer;
      lower.push(join(directory, 'root'));
      next = layer.parent;
    }
    invariant(topmost !== undefined, 'the layer that was asked for');
    const held = stack.move();
    return {
      layer: topmost,
      use: { lower: [...lower, base.directory], [Symbol.dispose]: () => held.dispose() },
    };
  }

  /**
   * Removes what has a layer's place without a description, or without what it was made over. False where a process has it
   * all the same. The caller holds the layer's lock.
   */
  async #removeUnusable(id: Sha256): Promise<boolean> {
    const lock = lockThere(layerDescription(this.#at(id)), 'exclusive');
    if (lock === 'busy') return false;
    using _lock = lock === 'gone' ? undefined : lock;
    await removeAtOnce(this.#at(id), this.#options.scratchDirectory);
    return true;
  }

  /** False where what is used and expected takes all that layers may. One process at a time evicts. */
  async #makeRoom(signal: AbortSignal): Promise<boolean> {
    const { budgetBytes, directory, lockDirectory, scratchDirectory, now } = this.#options;
    const layers = await this.#layers();
    const spentBytes = (): number => layers.values().reduce((sum, layer) => sum + layer.bytes, 0);
    if (spentBytes() < budgetBytes) return true;
    await using _lock = await waitForLock(join(lockDirectory, 'evict-layers'), 'exclusive', { signal });
    await evictLayers({
      directory,
      scratchDirectory,
      layers,
      budgetBytes: budgetBytes * keptShare,
      isExpected: (id) => this.#expected.has(id),
      now: now(),
    });
    return spentBytes() < budgetBytes;
  }

  #at(id: Sha256): string {
    return join(this.#options.directory, id);
  }

  #layers(): Promise<Map<Sha256, Layer>> {
    this.#known ??= readLayers(this.#options.directory);
    return this.#known;
  }
}

/** Evicting makes room for more than one layer. */
const keptShare = 0.9;
