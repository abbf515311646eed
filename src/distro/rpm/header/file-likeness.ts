// SPDX-License-Identifier: GPL-2.0-or-later
import type { RpmFile } from './header-files.ts';

const kindMask = 0o170000;
const link = 0o120000;
const plain = 0o100000;

/**
 * What rpm looks at when two packages have a file of one path (rpmfilesCompare): where all of it is equal, both may have it.
 * What is only said to appear (`%ghost`) is in nobody's way, and not for this.
 */
export function fileLikeness(file: RpmFile): string {
  const { mode, user, group, bytes, digest, target, device } = file;
  const kind = mode & kindMask;
  switch (kind) {
    case link:
      return JSON.stringify([kind, user, group, target]);
    case plain:
      return JSON.stringify([mode, user, group, bytes, digest]);
    default:
      return JSON.stringify([mode, user, group, device]);
  }
}
