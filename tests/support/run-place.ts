// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from '../../src/host/libc.ts';

/** A directory of one run of tests, removed when disposed, and by a later run where this one was killed. */
export interface RunPlace extends Disposable {
  readonly path: string;
}

/**
 * Makes one in `parent`, named `paseka-KIND-run-XXXXXX`, and removes those of the same kind whose runs are dead: each run
 * holds a lock on its own, which the kernel lets go however it ends.
 */
export function openRunPlace(parent: string, kind: 'test' | 'tally'): RunPlace {
  const prefix = `paseka-${kind}-run-`;
  for (const name of readdirSync(parent)) if (name.startsWith(prefix)) removeIfDead(join(parent, name));
  for (;;) {
    const path = mkdtempSync(join(parent, prefix));
    const fd = openSync(path, 'r');
    if (tryLock(fd) && existsSync(path)) {
      return {
        path,
        [Symbol.dispose]() {
          remove(path);
          closeSync(fd);
        },
      };
    }
    closeSync(fd); // another run took it for a dead one's, before it was locked
  }
}

function removeIfDead(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return; // another run has removed it, or it is another user's
  }
  try {
    if (tryLock(fd)) remove(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error; // another user's: theirs to remove
  } finally {
    closeSync(fd);
  }
}

/** Never through a mount: it may show a directory of the host's. */
function remove(path: string): void {
  if (readFileSync('/proc/self/mountinfo', 'utf8').includes(path)) return;
  rmSync(path, { recursive: true, force: true });
}
