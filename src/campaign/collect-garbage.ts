// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { listDirectory, readTextIfExists, removeTree } from '../host/files.ts';
import { fileFacts } from '../host/pool-files.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { diskUsage } from '../host/tree-walk.ts';
import { baseSnapshot } from '../layers/base-store.ts';
import { layerDescription, readLayer } from '../layers/layer-store.ts';
import type { Pool } from '../store/pool.ts';

export interface GarbageRequest {
  readonly state: StateDirectory;
  readonly pool: Pool;
  /** Ids of the snapshots that are there. */
  readonly snapshots: readonly Sha256[];
  readonly olderThanMs: number;
  readonly maxPoolBytes?: number;
  readonly isDryRun: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface GarbageItem {
  readonly what: 'base' | 'layer' | 'package';
  readonly name: string;
  readonly bytes: number;
}

export interface GarbageResult {
  readonly removed: readonly GarbageItem[];
  readonly freedBytes: number;
  /** Of bases, layers and pool together. */
  readonly keptBytes: number;
}

interface Candidate extends GarbageItem {
  readonly path: string;
  readonly usedAt: number;
  /** It can't be used any more, whatever its age. */
  readonly isOrphan: boolean;
}

/**
 * Removes bases whose snapshot is gone and the layers over them, bases, layers and package files that were not used for long, and then the longest unused
 * package files until the pool is small enough. Everything removed can be made or fetched again; snapshots and
 * campaigns are only removed by their own verbs. The caller holds the lock that keeps all others away.
 */
export async function collectGarbage(request: GarbageRequest): Promise<GarbageResult> {
  const bases = await listBases(request);
  const staying = new Set(bases.filter((base) => !base.isOrphan).map((base) => base.path));
  const layers = await listLayers(request.state, staying);
  const candidates = [...bases, ...layers, ...(await listPool(request.pool))];
  const doomed = new Set(
    candidates.filter((item) => item.isOrphan || request.now - item.usedAt > request.olderThanMs),
  );
  if (request.maxPoolBytes !== undefined) {
    const pool = candidates.filter((item) => item.what === 'package' && !doomed.has(item));
    let bytes = pool.reduce((sum, item) => sum + item.bytes, 0);
    for (const item of pool.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= request.maxPoolBytes) break;
      doomed.add(item);
      bytes -= item.bytes;
    }
  }
  if (!request.isDryRun) {
    for (const item of doomed) await removeTree(item.path);
    await request.pool.removePartials(request.now - request.olderThanMs);
  }
  const sum = (items: Iterable<Candidate>): number =>
    [...items].reduce((total, item) => total + item.bytes, 0);
  return {
    removed: [...doomed].map(({ what, name, bytes }) => ({ what, name, bytes })),
    freedBytes: sum(doomed),
    keptBytes: sum(candidates) - sum(doomed),
  };
}

async function listBases({ state, snapshots }: GarbageRequest): Promise<Candidate[]> {
  const bases: Candidate[] = [];
  for (const id of await listDirectory(state.bases)) {
    const path = join(state.bases, id);
    const description = await readTextIfExists(join(path, 'base.json'));
    const snapshot = description === undefined ? undefined : baseSnapshot(description);
    bases.push({
      what: 'base',
      name: id.slice(0, 12),
      path,
      bytes: await diskUsage(path),
      usedAt: (await fileFacts(join(path, 'base.json')))?.usedAt ?? 0,
      isOrphan: !snapshots.some((id) => id === snapshot),
    });
  }
  return bases;
}

async function listLayers(state: StateDirectory, bases: ReadonlySet<string>): Promise<Candidate[]> {
  const layers: Candidate[] = [];
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
    });
  }
  return layers;
}

async function listPool(pool: Pool): Promise<Candidate[]> {
  return (await pool.list()).map(({ sha256, bytes, usedAt }) => ({
    what: 'package',
    name: sha256.slice(0, 12),
    path: pool.pathOf(sha256),
    bytes,
    usedAt,
    isOrphan: false,
  }));
}
