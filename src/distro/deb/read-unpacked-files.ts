// SPDX-License-Identifier: GPL-2.0-or-later

import { join } from 'node:path';
import type { UnpackedFiles } from '../archive-check.ts';
import { readUnpackedPackage, unpackedLayout } from './link/unpacked-package.ts';
import { mergedPath } from './owned-paths.ts';

/** The files of an unpacked package. A diversion is known by a preinst that calls dpkg-divert and names the path. */
export async function readUnpackedFiles(directory: string): Promise<UnpackedFiles> {
  const { manifest, preinst } = await readUnpackedPackage(directory);
  const diverts = preinst.includes('dpkg-divert');
  return {
    files: manifest.entries.flatMap(({ kind, path }) => {
      if (kind === 'directory') return [];
      return [{ path: mergedPath(path), kind, location: join(directory, unpackedLayout.data, path) }];
    }),
    movesAway: (path) => diverts && isNamedIn(preinst, path),
  };
}

/** Whether a script names a path, with or without /usr; `/usr/bin/perl5` does not name `/usr/bin/perl`. */
export function isNamedIn(script: string, path: string): boolean {
  return new RegExp(`${RegExp.escape(path.replace(/^\/usr/, ''))}(?![\\w.+~/-])`).test(script);
}
