// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import {
  isDirectory,
  listDirectory,
  makeDirectory,
  pathExists,
  readTextIfExists,
  removeTree,
  writeTextAtomically,
} from '../host/files.ts';
import { walkTree } from '../host/tree-walk.ts';

const readmeName = 'README';

/**
 * Makes the directory of a repository that this program makes, with a README that begins with its marker, where there is none.
 * Throws PasekaError bad-option where there is something else.
 */
export async function beginRepository(directory: string, marker: string, readme: string): Promise<void> {
  await refuseForeign(directory, marker);
  await makeDirectory(directory, 0o755);
  await writeTextAtomically(join(directory, readmeName), readme, 0o644);
}

async function refuseForeign(directory: string, marker: string): Promise<void> {
  if (!(await pathExists(directory))) return;
  const names = (await isDirectory(directory)) ? await listDirectory(directory) : undefined;
  if (names?.length === 0) return;
  const readme = (await readTextIfExists(join(directory, readmeName))) ?? '';
  if (names !== undefined && readme.startsWith(marker)) return;
  throw new PasekaError(
    'bad-option',
    `${directory} is something else than a repository that this program made`,
    'give a directory that is not there yet',
  );
}

/** Removes from these directories of a repository what is neither a wanted file nor above one; paths are inside of the repository. */
export async function removeAllBut(
  repository: string,
  directories: readonly string[],
  wanted: Iterable<string>,
): Promise<void> {
  const kept = new Set<string>();
  for (let path of wanted) for (; path !== '.'; path = dirname(path)) kept.add(path);
  for (const directory of directories) {
    for await (const { path } of walkTree(join(repository, directory))) {
      if (!kept.has(join(directory, path))) await removeTree(join(repository, directory, path));
    }
  }
}
