// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, pathExists, readText } from '../../host/files.ts';
import type { Repository } from '../repository.ts';
import type { PackageFile } from '../source-input.ts';
import { parseAptSources } from './apt-sources.ts';
import { isForEveryMachine } from './local-packages.ts';
import { openFrozenCatalog } from './open-frozen-catalog.ts';

/**
 * The repositories that a word of the user's stands for: a `deb` line, a `.sources` or `.list` file, or a directory that
 * is a flat repository (its index lies at its top). Such a directory is trusted as .deb files given by their path are.
 * Undefined for anything else. Throws PasekaError bad-source-list, no-repositories.
 */
export async function findFurtherRepository(word: string): Promise<readonly Repository[] | undefined> {
  if (/^deb\s/.test(word)) return named(parseAptSources(word, '--with.list'), word);
  const path = resolve(word);
  if (await isDirectory(path)) {
    const isFlat = await Promise.all(
      ['', '.gz', '.xz'].map((suffix) => pathExists(join(path, `Packages${suffix}`))),
    );
    if (!isFlat.includes(true)) return undefined;
    return [{ uri: `file:${path}`, suite: './', components: [], trusted: true }];
  }
  if (!/\.(sources|list)$/.test(path)) return undefined;
  if (!(await pathExists(path))) {
    throw new PasekaError(
      'bad-source-list',
      `${path}: no such file`,
      'give the path of a .sources or .list file',
    );
  }
  return named(parseAptSources(await readText(path), path), path);
}

function named(repositories: readonly Repository[], what: string): readonly Repository[] {
  const offering = repositories.filter(({ sourcesOnly }) => sourcesOnly !== true);
  if (offering.length > 0) return offering;
  throw new PasekaError(
    'no-repositories',
    `${what} names no enabled repository with packages`,
    'sources.list(5) describes the format',
  );
}

/** Of what was frozen there the newest package of each name that is for the architecture. */
export async function newestOf(frozenDirectory: string, architecture: string): Promise<PackageFile[]> {
  const catalog = await openFrozenCatalog(frozenDirectory);
  return [...catalog.packageNames()].flatMap((name) => {
    const ofName = [...catalog.packagesOfName(catalog.findName(name))].map((row) => catalog.packageFile(row));
    const newest = ofName.find(
      (file) => isForEveryMachine(file.architecture) || file.architecture === architecture,
    );
    return newest === undefined ? [] : [newest];
  });
}
