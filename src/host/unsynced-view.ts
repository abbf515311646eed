// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { makeDirectory } from './files.ts';
import { mountOverlay } from './mounts.ts';

export interface UnsyncedView extends AsyncDisposable {
  /** Shows the directory; gone when this is disposed, and what was written through it stays. */
  readonly path: string;
}

/**
 * A view of `directory` through which nothing is ever brought to disk at once: tools that ask for that after each file or
 * package (rpm asks for the whole file system) get on without waiting. For what is made anew when it is not whole.
 *
 * It is an overlay over nothing whose upper is the directory. What lies in its subdirectories bears no attribute of overlays, as
 * long as those are made before. `scratchDirectory` exists, is empty, and is on the same file system. Throws PasekaError
 * mount-failed.
 */
export async function openUnsyncedView(directory: string, scratchDirectory: string): Promise<UnsyncedView> {
  const [nothing, work, path] = ['nothing', 'work', 'view'].map((name) => join(scratchDirectory, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [nothing, work, path]) await makeDirectory(made);
  const mounted = mountOverlay(path, { lower: [nothing], upper: directory, work, isKept: true });
  return { path, [Symbol.asyncDispose]: () => mounted[Symbol.asyncDispose]() };
}
