// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { walkTree } from '../../src/host/tree-walk.ts';

/**
 * Does to every entry of a tree what a build or a maintainer script may do to it: writes into files in place, cuts
 * them, changes mode, owner and times, replaces, links, removes.
 */
export async function vandalise(root: string): Promise<void> {
  const entries = [];
  for await (const entry of walkTree(root)) entries.push(entry);
  for (const [index, { path, stats }] of entries.entries()) {
    const full = join(root, path);
    if (stats.isFile()) {
      const file = await fs.open(full, 'r+');
      await file.write('overwritten', 0);
      if (index % 3 === 0) await file.truncate(4);
      await file.close();
      await fs.appendFile(full, 'appended');
    }
    if (!stats.isSymbolicLink()) {
      await fs.chmod(full, 0o777);
      await fs.utimes(full, 1, 1);
    }
    await fs.lchown(full, 1, 1);
  }
  for (const { path, stats } of entries) {
    if (!stats.isFile()) continue;
    await fs.link(join(root, path), join(root, `${path}.linked`));
    await fs.rename(join(root, path), join(root, `${path}.renamed`));
    await fs.writeFile(join(root, path), 'anew');
  }
  for (const name of await fs.readdir(root)) {
    await fs.rm(join(root, name), { recursive: true });
    await fs.mkdir(join(root, name));
  }
}
