// SPDX-License-Identifier: GPL-2.0-or-later
import {
  appendFile,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, makeTemporaryDirectory } from './files.ts';
import { mountOverlay, mountTmpfs } from './mounts.ts';
import { SystemCallError, setExtendedAttribute } from './system-calls.ts';

/** Whether overlays with their upper in one kind of place work here. */
export type OverlayProbe =
  | {
      readonly usable: true;
      /** Else a directory of the lower can't be renamed: EXDEV, which every mv handles by copying. */
      readonly renamesDirectories: boolean;
      /** Else setcap fails, for which packages have a fallback (setuid). */
      readonly keepsCapabilities: boolean;
    }
  | { readonly usable: false; readonly reason: string };

/** What this host's overlays can do; found by trying, in some milliseconds. */
export interface OverlaySupport {
  readonly tmpfsUpper: OverlayProbe;
  readonly diskUpper: OverlayProbe;
}

/**
 * Tries overlays over a lower directory in `directory` (on the file system where bases and layers are), in the present
 * namespace. It does what packages do and what kernels have been lacking: before 6.6 a tmpfs has no user attributes,
 * and then a directory that was removed can't be made again in a user namespace.
 */
export async function probeOverlays(directory: string): Promise<OverlaySupport> {
  await using scratch = await makeTemporaryDirectory(directory, 'probe-');
  const lower = join(scratch.path, 'lower');
  await mkdir(join(lower, 'directory/below'), { recursive: true });
  await mkdir(join(lower, 'renamed'));
  await writeFile(join(lower, 'file'), 'lower\n');
  await writeFile(join(lower, 'removed'), 'lower\n');
  await writeFile(join(lower, 'directory/below/file'), 'lower\n');
  return {
    tmpfsUpper: await probe(lower, join(scratch.path, 'memory'), true),
    diskUpper: await probe(lower, join(scratch.path, 'disk'), false),
  };
}

async function probe(lower: string, space: string, inMemory: boolean): Promise<OverlayProbe> {
  try {
    await using stack = new AsyncDisposableStack();
    await mkdir(space);
    if (inMemory) stack.use(mountTmpfs(space, { sizeBytes: 4 * 1024 * 1024, mode: 0o755 }));
    const [upper, work, root] = [join(space, 'upper'), join(space, 'work'), join(space, 'root')];
    await Promise.all([upper, work, root].map((directory) => mkdir(directory)));
    stack.use(mountOverlay(root, { lower: [lower], upper, work }));
    await exercise(root, lower);
    return {
      usable: true,
      renamesDirectories: await renamesDirectory(root),
      keepsCapabilities: setsCapability(root),
    };
  } catch (error) {
    return { usable: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws where something fails that every build needs. */
async function exercise(root: string, lower: string): Promise<void> {
  await appendFile(join(root, 'file'), 'upper\n');
  await chown(join(root, 'file'), 1, 1);
  await link(join(root, 'file'), join(root, 'second-name'));
  await symlink('file', join(root, 'link'));
  await rm(join(root, 'removed'));
  await rm(join(root, 'directory'), { recursive: true });
  await mkdir(join(root, 'directory'));
  const shown = await readdir(join(root, 'directory'));
  if (shown.length > 0) throw new Error('a directory made anew shows the contents of the removed one');
  await rmdir(join(root, 'directory'));
  await writeFile(join(root, 'directory'), 'a file now\n');
  if ((await readFile(join(lower, 'file'), 'utf8')) !== 'lower\n')
    throw new Error('writing reached the lower directory');
}

async function renamesDirectory(root: string): Promise<boolean> {
  try {
    await rename(join(root, 'renamed'), join(root, 'moved'));
    return true;
  } catch (error) {
    if (isErrno(error, 'EXDEV')) return false;
    throw error;
  }
}

/** cap_net_raw=ep, version 2: what ping's installation sets. */
const capability = Uint8Array.from([1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

function setsCapability(root: string): boolean {
  try {
    setExtendedAttribute(join(root, 'file'), 'security.capability', capability);
    return true;
  } catch (error) {
    if (error instanceof SystemCallError) return false;
    throw error;
  }
}
