// SPDX-License-Identifier: GPL-2.0-or-later
import { matchesGlob, posix } from 'node:path';

/**
 * Those of the paths that a clone wrote which match one of the globs: a glob without a slash is for names, another one
 * for whole paths relative to the clone.
 */
export function unsharedPaths(
  writtenPaths: readonly string[],
  wanted: { readonly at: string; readonly globs: readonly string[] },
): readonly string[] {
  return writtenPaths.filter((path) => {
    const inside = posix.relative(wanted.at, path);
    return wanted.globs.some((glob) =>
      glob.includes('/')
        ? matchesGlob(inside, glob.replace(/^\/+/, ''))
        : matchesGlob(posix.basename(inside), glob),
    );
  });
}
