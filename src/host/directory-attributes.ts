// SPDX-License-Identifier: GPL-2.0-or-later
import { chmod, chown, lstat } from 'node:fs/promises';
import { setTimes } from './system-calls.ts';

/** Gives a directory owner, mode and times (to the nanosecond) of another one. */
export async function copyDirectoryAttributes(from: string, to: string): Promise<void> {
  const { uid, gid, mode, atimeNs, mtimeNs } = await lstat(from, { bigint: true });
  await chown(to, Number(uid), Number(gid));
  await chmod(to, Number(mode) & 0o7777);
  setTimes(to, atimeNs, mtimeNs);
}
