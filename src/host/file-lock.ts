// SPDX-License-Identifier: GPL-2.0-or-later
import { open, stat } from 'node:fs/promises';
import { lockFlags, tryFlock } from './system-calls.ts';

/** A lock on a file, held until disposed or until this process ends, however it ends. */
export interface FileLock extends AsyncDisposable {
  readonly path: string;
}

/**
 * Takes flock(2) on a file, made where it is absent; undefined where another process holds it. The lock is on the
 * file that has this name: whoever removes a lock file does so while holding it exclusively. Children don't
 * inherit it. Throws SystemCallError where the file system has no locks (some network ones).
 */
export async function tryLock(path: string, kind: 'shared' | 'exclusive'): Promise<FileLock | undefined> {
  for (;;) {
    const file = await open(path, 'a+', 0o644);
    try {
      if (!tryFlock(file.fd, lockFlags[kind])) {
        await file.close();
        return undefined;
      }
      const [locked, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
      if (named !== undefined && named.ino === locked.ino && named.dev === locked.dev) {
        let closing: Promise<void> | undefined;
        return { path, [Symbol.asyncDispose]: () => (closing ??= file.close()) };
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close(); // its name was removed or replaced between opening and locking
  }
}
