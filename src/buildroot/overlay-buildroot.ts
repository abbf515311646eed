// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { copyUp } from '../host/copy-up.ts';
import { copyDirectoryAttributes } from '../host/directory-attributes.ts';
import { fileSystemSpace } from '../host/file-system.ts';
import { makeDirectory, removeTree } from '../host/files.ts';
import { mountOverlay, mountTmpfs } from '../host/mounts.ts';
import { diskUsage } from '../host/tree-walk.ts';
import { absentFrom, changeTimes, listUpper } from '../host/written-entries.ts';
import type { Buildroot, BuildrootRequest } from './buildroot.ts';
import { measureOnDisk } from './measure-on-disk.ts';
import type { RunDirectory } from './run-directory.ts';

/**
 * An overlay: the lower directories are shared and never written to, what is written goes to an upper of its own, in a
 * tmpfs of its own or on disk. One directory of the run directory holds it all:
 *
 *     roots/N/space/upper, roots/N/space/work    (space: the tmpfs, or a plain directory)
 *     roots/N/root                               (where the overlay is, unless `at` was asked for)
 *
 * Throws PasekaError mount-failed, disk-full, not-a-directory, bad-option.
 */
export async function acquireOverlayBuildroot(
  run: RunDirectory,
  request: BuildrootRequest,
): Promise<Buildroot> {
  await using stack = new AsyncDisposableStack();
  const directory = run.nextRoot();
  stack.defer(() => removeTree(directory));
  const space = request.keepIn ?? join(directory, 'space');
  await makeDirectory(space);
  if (request.upper.kind === 'tmpfs') {
    stack.use(mountTmpfs(space, { sizeBytes: request.upper.sizeBytes, mode: 0o755 }));
  }
  const [upper, work] = [join(space, 'upper'), join(space, 'work')];
  await makeDirectory(upper);
  await makeDirectory(work);
  await copyDirectoryAttributes(request.lower[0] ?? '/', upper);
  const target =
    request.at === undefined ? join(directory, 'root') : stack.use(await run.mountPoint(request.at)).path;
  if (request.at === undefined) await makeDirectory(target);
  stack.use(
    mountOverlay(target, { lower: request.lower, upper, work, isKept: request.keepIn !== undefined }),
  );

  const privateFiles: string[] = [];
  for (const path of request.privateFiles ?? []) privateFiles.push(...(await copyUp(target, path)));
  const copied = await changeTimes(upper, privateFiles);
  const undo = stack.move();
  let disposing: Promise<void> | undefined;
  const limitBytes = request.upper.sizeBytes ?? null;
  return {
    directory: target,
    place: request.upper.kind,
    limitBytes,
    writtenPaths: () => listUpper(upper, copied),
    addedPaths: async () => absentFrom(request.lower, await listUpper(upper, copied)),
    measure:
      request.upper.kind === 'tmpfs'
        ? () => fileSystemSpace(space)
        : measureOnDisk({ count: () => diskUsage(upper), directory: upper, limitBytes }),
    [Symbol.asyncDispose]: () => (disposing ??= undo.disposeAsync()),
  };
}
