// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { z } from 'zod';
import { availableParallelism } from '../host/cores.ts';
import { fileSystemSpace } from '../host/file-system.ts';
import { listDirectory, readTextIfExists } from '../host/files.ts';
import { hostMemory } from '../host/memory.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { diskUsage } from '../host/tree-walk.ts';
import { readLayer } from '../layers/layer-description.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { HostReport } from './api/host.ts';

/** What is looked at besides directories. */
export interface HostStores {
  readonly snapshots: { list(): Promise<Snapshot[]> };
}

/** The pool may have a hundred thousand files. */
const poolFreshMs = 60_000;

const baseSchema = z.object({ variant: z.string() }).loose();

/** Reads what is kept in a state directory; sizes of what never changes are measured once, the pool's once a minute. */
export function hostReader(
  state: StateDirectory,
  { snapshots }: HostStores,
): () => Promise<Omit<HostReport, 'savings'>> {
  const sizes = new Map<string, Promise<number>>();
  const sizeOf = (directory: string): Promise<number> => {
    const known = sizes.get(directory) ?? diskUsage(directory).catch(() => 0);
    sizes.set(directory, known);
    return known;
  };
  let pool: { readonly bytes: Promise<number>; readonly until: number } | undefined;
  const poolBytes = (): Promise<number> => {
    if (pool === undefined || pool.until < performance.now()) {
      pool = { bytes: diskUsage(state.pool), until: performance.now() + poolFreshMs };
    }
    return pool.bytes;
  };
  const basesNow = async (): Promise<HostReport['bases']> => {
    const found = [];
    for (const id of await listDirectory(state.bases)) {
      const text = await readTextIfExists(join(state.bases, id, 'base.json'));
      if (text === undefined) continue;
      const { variant } = baseSchema.parse(JSON.parse(text));
      found.push({ id, variant, bytes: await sizeOf(join(state.bases, id, 'root')) });
    }
    return found;
  };
  const layersNow = async (): Promise<HostReport['layers']> => {
    const found = [];
    for (const id of await listDirectory(state.layers)) {
      const layer = await readLayer(join(state.layers, id));
      if (layer === undefined) continue;
      found.push({ id, packages: layer.packages.length, made: layer.made, bytes: layer.bytes });
    }
    return found;
  };
  return async () => {
    const { totalBytes, availableBytes } = hostMemory();
    return {
      cores: availableParallelism(),
      memoryBytes: totalBytes,
      availableBytes,
      stateDirectory: state.path,
      freeBytes: (await fileSystemSpace(state.path)).freeBytes,
      snapshots: await Promise.all(
        (await snapshots.list()).map(async ({ id, suite, architecture, createdAt }) => ({
          id,
          suite,
          architecture,
          createdAt,
          bytes: await sizeOf(join(state.snapshots, id)),
        })),
      ),
      bases: await basesNow(),
      layers: await layersNow(),
      pool: { bytes: await poolBytes() },
      unpacked: { packages: (await listDirectory(state.unpacked)).length },
    };
  };
}
