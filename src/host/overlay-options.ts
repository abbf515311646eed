// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';

export interface OverlayDirectories {
  /** Topmost first; at least one. */
  readonly lower: readonly string[];
  readonly upper: string;
  /** Empty, on the upper's file system. */
  readonly work: string;
  /** Whether the upper is to be a lower directory later, of other overlays: then it must not refer to what lies below it. */
  readonly isKept?: boolean;
}

/** mount(2) takes one page of options, the final zero included. */
const longestOptions = 4095;

/**
 * The option string of an overlay. `volatile`: never synced, for it does not outlive us. Inode numbers stay those of
 * the lower file systems (`xino=off`): composed ones have bit 63 set, which 32-bit programs without large file
 * support can't read. In a user namespace its attributes are `user.*` ones, and a directory of the lower can't be
 * renamed (EXDEV, which every mv handles); as root `redirect_dir` lets it.
 * Throws PasekaError mount-failed where the paths are too long together.
 */
export function overlayOptions(directories: OverlayDirectories, inUserNamespace: boolean): string {
  const options = [
    `lowerdir=${directories.lower.map(escapePath).join(':')}`,
    `upperdir=${escapePath(directories.upper)}`,
    `workdir=${escapePath(directories.work)}`,
    'volatile',
    'index=off',
    'xino=off',
    inUserNamespace ? 'userxattr' : `redirect_dir=${directories.isKept === true ? 'off' : 'on'}`,
  ].join(',');
  const length = Buffer.byteLength(options);
  if (length > longestOptions) {
    throw new PasekaError(
      'mount-failed',
      `an overlay of ${directories.lower.length} directories needs ${length} bytes of options, and the kernel takes ${longestOptions}`,
      'use a state directory with a shorter path (--state-dir), or fewer layers',
    );
  }
  return options;
}

/** As overlayfs reads a path among its options: backslash, colon and comma want a backslash. */
export function escapePath(path: string): string {
  return path.replaceAll(/[\\:,]/g, '\\$&');
}
