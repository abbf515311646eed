// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { walkTree } from '../../src/host/tree-walk.ts';

/**
 * One line for every entry of a tree: type, mode, owner, links, size, modification and change time (which no program can
 * set), and the content's digest. Two equal lists mean that nothing was changed, not even for a moment.
 */
export async function fingerprintTree(root: string): Promise<readonly string[]> {
  const lines: string[] = [await describe(root, '')];
  for await (const { path } of walkTree(root)) lines.push(await describe(root, path));
  return lines.sort();
}

async function describe(root: string, path: string): Promise<string> {
  const full = join(root, path);
  const stats = await lstat(full, { bigint: true });
  const parts = [path, stats.mode.toString(8), stats.uid, stats.gid, stats.nlink, stats.ino, stats.rdev];
  parts.push(stats.mtimeNs, stats.ctimeNs);
  if (stats.isFile()) parts.push(stats.size, await digest(full));
  if (stats.isSymbolicLink()) parts.push(await readlink(full));
  return parts.join(' ');
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
