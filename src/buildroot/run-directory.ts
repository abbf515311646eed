// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { tryLock } from '../host/file-lock.ts';
import { fileSystemKind } from '../host/file-system.ts';
import { makeDirectory, removeTree, writeTextAtomically } from '../host/files.ts';
import { acquireMountPoint, type MountPoint } from '../host/mount-point.ts';
import { mountBind } from '../host/mounts.ts';
import { processIdentity } from '../host/process-identity.ts';

/**
 * This process's own place in a state directory: STATE/run/PID-START, with STATE/run/PID-START.lock held by flock
 * as long as the process lives. Whose lock is free is dead, and sweep.ts removes it: neither reused pids nor other
 * pid namespaces can deceive it. Disposing removes it.
 */
export interface RunDirectory extends AsyncDisposable {
  readonly path: string;
  /** A mount of its own, with all mounts of buildroots below it: a child detaches them all by detaching this one. */
  readonly rootsDirectory: string;
  /** A path for a new root: not made yet, used once. */
  nextRoot(): string;
  /**
   * A directory to mount on, made where there is none. Known to the sweep: what is made is removed even after SIGKILL.
   * Throws PasekaError mount-failed, not-a-directory.
   */
  mountPoint(path: string): Promise<MountPoint>;
}

/** The name of the file that lists paths of mount points outside of the run directory. */
export const mountPointsName = 'mount-points.json';

/** Where the directories and locks of all processes on a state directory are. */
export function runsDirectory(stateDirectory: string): string {
  return join(stateDirectory, 'run');
}

/** This process's own run directory, whether open or not. */
export function ownRunPath(stateDirectory: string): string {
  return join(runsDirectory(stateDirectory), processIdentity());
}

/**
 * Makes it. To be called inside the private namespace. Throws PasekaError state-unsuitable (a file system
 * without locks or owners), state-busy, mount-failed, disk-full.
 */
export async function openRunDirectory(stateDirectory: string): Promise<RunDirectory> {
  const runs = runsDirectory(stateDirectory);
  await makeDirectory(runs);
  await checkFileSystem(runs);
  await using stack = new AsyncDisposableStack();
  const path = ownRunPath(stateDirectory);
  const lock = await tryLock(`${path}.lock`, 'exclusive');
  if (lock === undefined) {
    throw new PasekaError('state-busy', `${path} is in use by this very process`, 'dispose of it first');
  }
  stack.use(lock);
  stack.defer(() => removeTree(`${path}.lock`));
  stack.defer(() => removeTree(path));
  const rootsDirectory = join(path, 'roots');
  await makeDirectory(rootsDirectory);
  stack.use(mountBind(rootsDirectory, rootsDirectory));
  return makeRunDirectory(path, rootsDirectory, stack.move());
}

function makeRunDirectory(path: string, rootsDirectory: string, stack: AsyncDisposableStack): RunDirectory {
  let roots = 0;
  const mountPoints = new Set<string>();
  let written: Promise<void> = Promise.resolve();
  /** One after the other: two writers at once would rename each other's file. */
  const remember = async (mountPoint: string): Promise<void> => {
    mountPoints.add(mountPoint);
    const text = JSON.stringify([...mountPoints]);
    written = written.then(() => writeTextAtomically(join(path, mountPointsName), text));
    await written;
  };
  let disposing: Promise<void> | undefined;
  return {
    path,
    rootsDirectory,
    nextRoot: () => join(rootsDirectory, String(roots++)),
    mountPoint: async (wanted) => {
      await remember(wanted);
      return acquireMountPoint(wanted);
    },
    [Symbol.asyncDispose]: () => (disposing ??= stack.disposeAsync()),
  };
}

async function checkFileSystem(path: string): Promise<void> {
  const { name, lack } = await fileSystemKind(path);
  if (lack === null) return;
  throw new PasekaError(
    'state-unsuitable',
    `${path} is on ${name}: ${lack}`,
    'name a directory on ext4, xfs or btrfs with --state-dir or PASEKA_STATE',
  );
}
