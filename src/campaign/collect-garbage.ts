// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { listDirectory } from '../host/files.ts';
import { fileFacts, markUsed, readTextUnnoticed } from '../host/pool-files.ts';
import { removeAtOnce } from '../host/scratch-directory.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { diskUsage, ownDiskUsage } from '../host/tree-walk.ts';
import { baseSnapshot } from '../layers/base-store.ts';
import { costOfMaking, layerDescription, readLayer } from '../layers/layer-description.ts';
import { chooseEvictions } from '../layers/plan/choose-evictions.ts';
import type { UnpackedStore } from '../layers/unpacked-store.ts';
import type { Pool } from '../store/pool.ts';
import { preparedDescription } from '../store/prepared/prepared-directory.ts';
import type { PreparedStore } from '../store/prepared/prepared-store.ts';

export interface GarbageRequest {
  readonly state: StateDirectory;
  readonly pool: Pool;
  readonly unpacked: UnpackedStore;
  readonly prepared: PreparedStore;
  /** Ids of the snapshots that are there. */
  readonly snapshots: readonly Sha256[];
  /** Digests of package files that campaigns were started with and that nobody could fetch again. */
  readonly overlayFiles: readonly string[];
  readonly olderThanMs: number;
  readonly maxPoolBytes?: number;
  readonly maxLayerBytes?: number;
  readonly isDryRun: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface GarbageItem {
  readonly what: 'base' | 'layer' | 'unpacked' | 'package' | 'workdir';
  readonly name: string;
  readonly bytes: number;
}

export interface GarbageResult {
  readonly removed: readonly GarbageItem[];
  readonly freedBytes: number;
  /** Of all that could have been removed. */
  readonly keptBytes: number;
}

interface Candidate extends GarbageItem {
  readonly path: string;
  readonly usedAt: number;
  /** It can't be used any more, whatever its age. */
  readonly isOrphan: boolean;
}

/**
 * Removes bases whose snapshot is gone and the layers over them; bases, layers and package files that were not used for
 * long; prepared directories that were not used for long or that newer ones replaced; unpacked packages that no layer needs any
 * more; and then the longest unused package files until the pool is small
 * enough; layers beyond what they may take together. Everything removed can be made or fetched again: packages of the user's
 * own stay as long as a campaign that was started with them. Snapshots and campaigns are only removed by their own verbs.
 * The caller holds the lock that keeps all others away.
 */
export async function collectGarbage(request: GarbageRequest): Promise<GarbageResult> {
  const isOld = (item: Candidate): boolean =>
    item.isOrphan || request.now - item.usedAt > request.olderThanMs;
  const bases = await listBases(request);
  const staying = new Set(bases.filter((base) => !base.isOrphan).map((base) => base.path));
  const layers = await listLayers(request.state, staying);
  const keptLayers = withAncestors(
    layers,
    layers.filter((layer) => !isOld(layer)),
  );
  for (const layer of layersBeyond(keptLayers, request)) keptLayers.delete(layer);
  const needed = new Set([...keptLayers].flatMap((layer) => layer.packages));
  const unpacked = (await listUnpacked(request.unpacked)).filter((item) => !needed.has(item.sha256));
  const pool = await listPool(request.pool, new Set(request.overlayFiles));
  const prepared = await listPrepared(request.prepared);
  const doomed = new Set<Candidate>([
    ...bases.filter(isOld),
    ...layers.filter((layer) => !keptLayers.has(layer)),
    ...unpacked.filter(isOld),
    ...pool.filter(isOld),
    ...prepared.filter(isOld),
  ]);
  if (request.maxPoolBytes !== undefined) {
    const left = pool.filter((item) => !doomed.has(item));
    let bytes = sum(left);
    for (const item of left.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= request.maxPoolBytes) break;
      doomed.add(item);
      bytes -= item.bytes;
    }
  }
  if (!request.isDryRun) {
    for (const item of doomed) await removeAtOnce(item.path, request.state.tmp);
    await request.pool.removePartials(request.now - request.olderThanMs);
    await request.prepared.removeEmptyNames();
  }
  return {
    removed: [...doomed].map(({ what, name, bytes }) => ({ what, name, bytes })),
    freedBytes: sum(doomed),
    keptBytes: sum([...bases, ...layers, ...unpacked, ...pool, ...prepared]) - sum(doomed),
  };
}

function sum(items: Iterable<GarbageItem>): number {
  return [...items].reduce((total, item) => total + item.bytes, 0);
}

/** Of layers that may stay, those that have to go so that the rest fits. */
function layersBeyond(
  layers: ReadonlySet<LayerCandidate>,
  { maxLayerBytes, now }: GarbageRequest,
): LayerCandidate[] {
  if (maxLayerBytes === undefined) return [];
  const kept = [...layers].map((layer) => ({ ...layer, lastUsedMs: layer.usedAt, needed: false }));
  const evicted = new Set(chooseEvictions(kept, maxLayerBytes, now).evicted);
  return [...layers].filter(({ id }) => evicted.has(id));
}

/** Those layers and what they were made over, which they can't be without. */
function withAncestors(
  layers: readonly LayerCandidate[],
  kept: readonly LayerCandidate[],
): Set<LayerCandidate> {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const all = new Set(kept);
  for (const layer of all) {
    const parent = layer.parent === null ? undefined : byId.get(layer.parent);
    if (parent !== undefined) all.add(parent);
  }
  return all;
}

async function listBases({ state, snapshots }: GarbageRequest): Promise<Candidate[]> {
  const bases: Candidate[] = [];
  for (const id of await listDirectory(state.bases)) {
    const path = join(state.bases, id);
    const usedAt = (await fileFacts(join(path, 'base.json')))?.usedAt ?? 0;
    const description = await readTextUnnoticed(join(path, 'base.json'));
    const snapshot = description === undefined ? undefined : baseSnapshot(description);
    bases.push({
      what: 'base',
      name: id.slice(0, 12),
      path,
      bytes: await diskUsage(path),
      usedAt,
      isOrphan: !snapshots.some((id) => id === snapshot),
    });
  }
  return bases;
}

interface LayerCandidate extends Candidate {
  readonly id: string;
  readonly parent: string | null;
  /** Making it again. */
  readonly costMs: number;
  /** Digests. */
  readonly packages: readonly Sha256[];
}

async function listLayers(state: StateDirectory, bases: ReadonlySet<string>): Promise<LayerCandidate[]> {
  const layers: LayerCandidate[] = [];
  for (const id of await listDirectory(state.layers)) {
    const path = join(state.layers, id);
    const layer = await readLayer(path);
    layers.push({
      what: 'layer',
      name: id.slice(0, 12),
      path,
      bytes: layer?.bytes ?? (await diskUsage(path)),
      usedAt: (await fileFacts(layerDescription(path)))?.usedAt ?? 0,
      isOrphan: layer === undefined || !bases.has(join(state.bases, layer.base)),
      id,
      parent: layer?.parent ?? null,
      costMs: layer === undefined ? 0 : costOfMaking(layer),
      packages: layer?.packages ?? [],
    });
  }
  return layers;
}

async function listUnpacked(store: UnpackedStore): Promise<(Candidate & { readonly sha256: Sha256 })[]> {
  const items = [];
  for (const sha256 of await store.list()) {
    const path = store.pathOf(sha256);
    const usedAt = (await fileFacts(path))?.usedAt ?? 0;
    const bytes = await ownDiskUsage(path);
    // a day after the last use, listing a directory counts as another (mount(8), relatime)
    await markUsed(path, usedAt);
    items.push({
      what: 'unpacked' as const,
      name: sha256.slice(0, 12),
      path,
      bytes,
      usedAt,
      isOrphan: false,
      sha256,
    });
  }
  return items;
}

async function listPrepared(store: PreparedStore): Promise<Candidate[]> {
  const items: Candidate[] = [];
  for (const { name, current, states } of await store.list()) {
    for (const { path, isCurrent } of states) {
      items.push({
        what: 'workdir',
        name,
        path,
        bytes: await diskUsage(path),
        usedAt: (await fileFacts(preparedDescription(path)))?.usedAt ?? 0,
        isOrphan: !isCurrent || current === undefined,
      });
    }
  }
  return items;
}

async function listPool(pool: Pool, kept: ReadonlySet<string>): Promise<Candidate[]> {
  const files = (await pool.list()).filter(({ sha256 }) => !kept.has(sha256));
  return files.map(({ sha256, bytes, usedAt }) => ({
    what: 'package',
    name: sha256.slice(0, 12),
    path: pool.pathOf(sha256),
    bytes,
    usedAt,
    isOrphan: false,
  }));
}
