// SPDX-License-Identifier: GPL-2.0-or-later
import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

export interface FileSystemSpace {
  readonly usedBytes: number;
  /** What this user may still write. */
  readonly freeBytes: number;
}

/** How full the file system of `path` is: one system call. */
export async function fileSystemSpace(path: string): Promise<FileSystemSpace> {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  return { usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
}

/** What a file system of this magic number (statfs(2)) lacks for a state directory. */
const unsuitable: Readonly<Record<number, readonly [name: string, lack: string]>> = {
  0x6969: ['nfs', 'no reliable locks, and no overlay on it'],
  0xff534d42: ['cifs', 'no owners, modes and hard links'],
  0xfe534d42: ['smb', 'no owners, modes and hard links'],
  0x1021997: ['9p', 'no reliable owners and locks'],
  0x4d44: ['vfat', 'no owners, modes and links'],
  0x2011bab0: ['exfat', 'no owners, modes and links'],
  0x5346544e: ['ntfs', 'no owners and modes'],
  0xc36400: ['ceph', 'no overlay on it'],
  0x5346414f: ['afs', 'no owners and modes'],
  0xf15f: ['ecryptfs', 'no overlay on it'],
};

const names: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x1021994: 'tmpfs',
  0x794c7630: 'overlay',
  0x65735546: 'fuse',
  0x2fc12fc1: 'zfs',
  0xf2f52010: 'f2fs',
  0xca451a4e: 'bcachefs',
};

/** What may still be written to the file system that `path` is on, by who is not root; some microseconds. */
export function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

export interface FileSystemKind {
  /** As mount(8) names it, or the magic number in hexadecimal. */
  readonly name: string;
  /** Why a state directory can't be there; null where it can. */
  readonly lack: string | null;
}

/** What kind of file system `path` is on. */
export async function fileSystemKind(path: string): Promise<FileSystemKind> {
  const magic = (await statfs(path)).type >>> 0;
  const lacking = unsuitable[magic];
  if (lacking !== undefined) return { name: lacking[0], lack: lacking[1] };
  return { name: names[magic] ?? `0x${magic.toString(16)}`, lack: null };
}
