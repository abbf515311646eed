// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import { type OverlayDirectories, overlayOptions } from './overlay-options.ts';
import { detach, mount, mountFlags, SystemCallError, unmount } from './system-calls.ts';
import { isInUserNamespace } from './user-namespace.ts';

/**
 * Mounts in this process's private namespace (private-namespace.ts). Each is undone by disposing, once; where somebody
 * still uses it, it is detached: gone from every path, freed when the last user ends. All throw PasekaError
 * mount-failed.
 */
export interface Mount extends AsyncDisposable {
  readonly target: string;
}

/** A copy-on-write view at `target`, an existing directory. */
export function mountOverlay(target: string, directories: OverlayDirectories): Mount {
  const options = overlayOptions(directories, isInUserNamespace());
  return attempt(target, 'overlay', () => mount('overlay', target, 'overlay', 0, options));
}

/**
 * A file system in memory, never larger than `sizeBytes` (what is in it, not counting some 1 KiB for every file).
 * Twice as many files as pages: only a flood of empty ones meets that limit first.
 */
export function mountTmpfs(
  target: string,
  options: { readonly sizeBytes: number; readonly mode: number },
): Mount {
  const files = Math.ceil(options.sizeBytes / 2048) + 1024;
  const data = `size=${Math.ceil(options.sizeBytes)},nr_inodes=${files},mode=${options.mode.toString(8)}`;
  return attempt(target, 'tmpfs', () => mount('tmpfs', target, 'tmpfs', 0, data));
}

/** The directory or file `source` shown at `target` too, with all that is mounted below where `recursive`. */
export function mountBind(
  source: string,
  target: string,
  options: { readonly recursive?: boolean } = {},
): Mount {
  const flags = mountFlags.bind | (options.recursive === true ? mountFlags.recursive : 0);
  return attempt(target, `bind of ${source}`, () => mount(source, target, null, flags, null));
}

function attempt(target: string, what: string, mountIt: () => void): Mount {
  try {
    mountIt();
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    throw new PasekaError(
      'mount-failed',
      `can't mount ${what} at ${target}: ${error.code}`,
      hintFor(error.code),
      error,
    );
  }
  let released: Promise<void> | undefined;
  return { target, [Symbol.asyncDispose]: () => (released ??= release(target)) };
}

async function release(target: string): Promise<void> {
  if (await unmount(target)) return;
  try {
    detach(target);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (error.code === 'EINVAL' || error.code === 'ENOENT') return; // not mounted any more: that is what was wanted
    throw new PasekaError(
      'mount-failed',
      `can't unmount ${target}: ${error.code}`,
      hintFor(error.code),
      error,
    );
  }
}

function hintFor(code: string): string {
  switch (code) {
    case 'EPERM':
    case 'EACCES':
      return 'this process may not mount here (a container or a security module forbids it): run paseka doctor';
    case 'ENODEV':
      return 'the kernel lacks this file system: as root, run modprobe overlay';
    case 'ENOMEM':
      return 'the machine is out of memory: use fewer --jobs, or --upper disk';
    case 'ENOSPC':
      return 'too many mounts: as root, raise sysctl fs.mount-max';
    case 'EINVAL':
      return 'this kernel refuses the options or the file system below: run paseka doctor';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'the directory to mount on is missing: create it';
    default:
      return 'run paseka doctor, and see the kernel log (dmesg) for the reason';
  }
}
