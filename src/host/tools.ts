// SPDX-License-Identifier: GPL-2.0-or-later
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where programs are on a Debian host, whatever the user's own PATH says: an ordinary user's lacks sbin. */
const systemDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The absolute path of a program, or undefined where it isn't installed. */
export function findTool(name: string): string | undefined {
  for (const directory of systemDirectories) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return undefined;
}
