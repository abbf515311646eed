// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, rmSync } from 'node:fs';

/** Where a log is when it is packed. */
export function packedPath(path: string): string {
  return `${path}.zst`;
}

/** Where the marks of a log are that is being written. */
export function marksPath(path: string): string {
  return `${path}.marks`;
}

/** Removes a log, whatever form it has. */
export function removeLog(path: string): void {
  for (const one of [path, packedPath(path), marksPath(path)]) rmSync(one, { force: true });
}

/** Where a log is now: packed, or as it was written. */
export function currentLogPath(path: string): string {
  return existsSync(packedPath(path)) ? packedPath(path) : path;
}
