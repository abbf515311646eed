// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import { PasekaError } from '../base/paseka-error.ts';
import { type FileLock, tryLock } from './file-lock.ts';

const firstDelayMs = 2;
const longestDelayMs = 100;

/**
 * Takes a lock, waiting for it as long as somebody else holds it. It asks again and again, at growing intervals: a
 * blocking flock(2) would hold a thread of Node's pool and could not be cancelled. `onWait` is called once when it has
 * to wait. Throws PasekaError cancelled.
 */
export async function waitForLock(
  path: string,
  kind: 'shared' | 'exclusive',
  options: { readonly signal?: AbortSignal; readonly onWait?: () => void } = {},
): Promise<FileLock> {
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    if (options.signal?.aborted === true) {
      throw new PasekaError(
        'cancelled',
        `waiting for the lock ${path} was cancelled`,
        'run the same command again',
      );
    }
    const lock = await tryLock(path, kind);
    if (lock !== undefined) return lock;
    if (delayMs === firstDelayMs) options.onWait?.();
    await delay(delayMs);
  }
}
