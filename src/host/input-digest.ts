// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { isErrno, readLink } from './files.ts';
import { hashFile } from './hash-file.ts';
import { walkTree } from './tree-walk.ts';

/**
 * A digest of a file or of everything below a directory: what it is, contents, permissions and the times of change, for the
 * caches of apt and others hold those times. A link that the path itself is, is followed. Undefined where there is nothing.
 */
export async function inputDigest(path: string): Promise<Sha256 | undefined> {
  try {
    const real = await realpath(path);
    const stats = await lstat(real, { bigint: true });
    const lines = [await describe(real, '', stats)];
    if (stats.isDirectory()) {
      for await (const entry of walkTree(real)) {
        lines.push(await describe(join(real, entry.path), entry.path, entry.stats));
      }
    }
    return createHash('sha256')
      .update(`${real}\n${lines.sort().join('\n')}`)
      .digest('hex') as Sha256;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function describe(path: string, name: string, stats: BigIntStats): Promise<string> {
  const content = stats.isFile()
    ? await hashFile(path)
    : stats.isSymbolicLink()
      ? await readLink(path)
      : 'no content';
  return JSON.stringify([name, stats.mode.toString(8), String(stats.mtimeNs), content]);
}
