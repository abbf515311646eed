// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below a directory, `.` for itself, and when entries last came to each or went: nanoseconds, as text. */
export type DirectoryTimes = Readonly<Record<string, string>>;

/**
 * The times of a tree's directories down to a depth: enough to notice later, by one stat(2) each, that somebody has
 * added, removed or renamed something in them. A file's own content, and what lies deeper, isn't looked at.
 */
export function readDirectoryTimes(root: string, depth: number): DirectoryTimes {
  const times: Record<string, string> = {};
  const visit = (path: string, left: number): void => {
    times[path] = timeOf(join(root, path)) ?? '';
    if (left === 0) return;
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(path, entry.name), left - 1);
    }
  };
  visit('.', depth);
  return times;
}

/** Whether all of them are still there and as they were. 180 directories take 1 ms. */
export function haveDirectoryTimes(root: string, times: DirectoryTimes): boolean {
  return Object.entries(times).every(([path, time]) => timeOf(join(root, path)) === time);
}

function timeOf(path: string): string | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs.toString();
}
