// SPDX-License-Identifier: GPL-2.0-or-later
import { statSync } from 'node:fs';

/** What stands at a path, links followed; undefined where nothing does, or nothing that this process can see. */
export function pathKind(path: string): 'file' | 'directory' | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : stats.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
