// SPDX-License-Identifier: GPL-2.0-or-later
import { fileSystemSpace } from '../host/file-system.ts';
import type { Buildroot } from './buildroot.ts';
import { cachedMeasure } from './cached-measure.ts';

/** A buildroot's `measure` for files on disk: counts them, and tells the nearer one of two limits. */
export function measureOnDisk(options: {
  readonly count: () => Promise<number>;
  readonly directory: string;
  readonly limitBytes: number | null;
}): Buildroot['measure'] {
  return cachedMeasure(
    async () => {
      const [usedBytes, space] = await Promise.all([options.count(), fileSystemSpace(options.directory)]);
      const leftBytes = options.limitBytes === null ? Infinity : Math.max(0, options.limitBytes - usedBytes);
      return { usedBytes, freeBytes: Math.min(space.freeBytes, leftBytes) };
    },
    () => performance.now(),
  );
}
