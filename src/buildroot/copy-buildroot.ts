// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { cloneTree } from '../host/clone-tree.ts';
import { makeDirectory, removeTree } from '../host/files.ts';
import { mountBind } from '../host/mounts.ts';
import { diskUsage } from '../host/tree-walk.ts';
import { treeChangeTimes } from '../host/written-entries.ts';
import type { Buildroot, BuildrootRequest } from './buildroot.ts';
import { measureOnDisk } from './measure-on-disk.ts';
import type { RunDirectory } from './run-directory.ts';

/**
 * A root for hosts without overlayfs: the lower directories copied one over the other, with blocks shared where the file
 * system can. On disk, whatever upper is asked for: a whole copy in memory is what this program is there to avoid.
 * Slower by seconds, and equal in all else. Throws PasekaError disk-full, tool-failed, mount-failed.
 */
export async function acquireCopyBuildroot(run: RunDirectory, request: BuildrootRequest): Promise<Buildroot> {
  await using stack = new AsyncDisposableStack();
  const directory = run.nextRoot();
  stack.defer(() => removeTree(directory));
  const copy = join(directory, 'root');
  await makeDirectory(copy);
  for (const [index, lower] of request.lower.toReversed().entries()) {
    await cloneTree(lower, copy, { over: index > 0 });
  }
  let target = copy;
  if (request.at !== undefined) {
    target = stack.use(await run.mountPoint(request.at)).path;
    stack.use(mountBind(copy, target));
  }
  const [before, bytesBefore] = await Promise.all([treeChangeTimes(copy), diskUsage(copy)]);
  const undo = stack.move();
  let disposing: Promise<void> | undefined;
  const limitBytes = request.upper.sizeBytes ?? null;
  const writtenPaths = async (): Promise<readonly string[]> => {
    const after = await treeChangeTimes(copy);
    const changed = [...after].filter(([path, time]) => before.get(path) !== time);
    return changed.map(([path]) => `/${path}`).sort();
  };
  return {
    directory: target,
    place: 'disk',
    limitBytes,
    writtenPaths,
    addedPaths: async () => (await writtenPaths()).filter((path) => !before.has(path.slice(1))),
    measure: measureOnDisk({
      count: async () => Math.max(0, (await diskUsage(copy)) - bytesBefore),
      directory: copy,
      limitBytes,
    }),
    [Symbol.asyncDispose]: () => (disposing ??= undo.disposeAsync()),
  };
}
