// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Sha256, sha256 } from '../../src/base/digest.ts';
import { Unsettled } from '../../src/host/unsettled.ts';
import type { Base } from '../../src/layers/base-store.ts';
import type { LayerEnd } from '../../src/layers/layer-request.ts';
import { LayerStore } from '../../src/layers/layer-store.ts';

/** The store of a state directory whose layers are made of one file for each package, a mebibyte each, in a second. */
export interface FakeLayers {
  readonly store: LayerStore;
  /** What was made here, in that order. */
  readonly made: readonly string[];
  /** One letter for each package; `unfit`: those that no layer below may have. */
  ensure(packages: string, unfit?: string): Promise<LayerEnd<never>>;
}

export function openFakeLayers(state: string, budgetMebibytes: number): FakeLayers {
  const started = Date.now();
  let seconds = 0;
  const made: string[] = [];
  const store = new LayerStore({
    directory: join(state, 'layers'),
    scratchDirectory: join(state, 'tmp'),
    lockDirectory: join(state, 'locks'),
    unsettled: new Unsettled({
      directory: join(state, 'unsettled'),
      root: state,
      lockDirectory: join(state, 'locks'),
      scratchDirectory: join(state, 'tmp'),
      bootId: 'this',
    }),
    budgetBytes: budgetMebibytes * mebibyte,
    now: () => started + 1000 * seconds++,
  });
  const base: Base = {
    id: sha256('base'),
    contents: sha256('base'),
    variant: 'build',
    directory: join(state, 'base'),
    preparedDirectory: join(state, 'prepared'),
  };
  return {
    store,
    made,
    ensure: (packages, unfit = '') =>
      store.ensure<never>({
        base,
        packages: fakePackages(packages),
        removed: [],
        make: async ({ directory, lower, missing }) => {
          const isBelow = (name: string): boolean => lower.some((layer) => existsSync(join(layer, name)));
          if ([...unfit].some(isBelow))
            return { kind: 'not-over', paths: [...unfit].map((name) => `/${name}`) };
          for (const place of missing) {
            await writeFile(join(directory, packages[place] ?? ''), Buffer.alloc(mebibyte, 1));
          }
          made.push(packages);
          return { kind: 'linked' };
        },
        signal: new AbortController().signal,
      }),
  };
}

export function fakePackages(packages: string): Sha256[] {
  return [...packages].map((name) => sha256(name));
}

const mebibyte = 1024 * 1024;
