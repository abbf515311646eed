// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { readLink } from './files.ts';
import { hashFile } from './hash-file.ts';
import { walkTree } from './tree-walk.ts';

/** A digest of everything that a copy of a directory would have: paths, contents, links and permissions; not owners and times. */
export async function treeDigest(directory: string): Promise<Sha256> {
  const lines: string[] = [];
  for await (const { path, stats } of walkTree(directory)) {
    const full = join(directory, path);
    const content = stats.isFile()
      ? await hashFile(full)
      : stats.isSymbolicLink()
        ? await readLink(full)
        : 'no content';
    lines.push(JSON.stringify([path, stats.mode.toString(8), content]));
  }
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex') as Sha256;
}
