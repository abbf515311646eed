// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import {
  isDirectory,
  makeDirectory,
  makeTemporaryDirectory,
  pathExists,
  readText,
} from '../../host/files.ts';
import type { LocalPackage } from '../distribution.ts';
import type { FurtherRepositories, Repository } from '../repository.ts';
import type { PackageFile } from '../source-input.ts';
import { parseAptSources } from './apt-sources.ts';
import type { DebCatalog } from './catalog/deb-catalog.ts';
import { freezeRepositories } from './freeze.ts';
import { openFrozenCatalog } from './open-frozen-catalog.ts';
import { readPackage } from './read-package.ts';

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

/**
 * Freezes repositories as a snapshot's are frozen (release files verified, indices checked), and brings the newest
 * package of each name to this machine: all of them, because what lies over a snapshot is kept with its campaign.
 */
export async function fetchNewestPackages(
  word: string,
  repositories: readonly Repository[],
  request: FurtherRepositories & { readonly architecture: string },
): Promise<LocalPackage[]> {
  const { architecture, onProgress, signal } = request;
  await using scratch = await makeTemporaryDirectory(request.scratchDirectory, 'further-');
  const directory = join(scratch.path, 'frozen');
  await makeDirectory(directory);
  onProgress?.(`freezing ${word}`);
  const freeze = { repositories, architecture, ...(signal === undefined ? {} : { signal }) };
  await freezeRepositories(freeze, directory);
  const files = newestOf(await openFrozenCatalog(directory), architecture);
  if (files.length === 0) {
    throw new PasekaError(
      'bad-binary-package',
      `${word}: there are no packages for ${architecture} in this repository`,
      'give a repository that has some, or choose another --arch',
    );
  }
  onProgress?.(`fetching ${files.length} packages of ${word}`);
  const paths = await request.fetch(files);
  const found: LocalPackage[] = [];
  for (const path of paths) found.push(await readPackage(path));
  return found;
}

function newestOf(catalog: DebCatalog, architecture: string): PackageFile[] {
  const files: PackageFile[] = [];
  for (const name of catalog.packageNames()) {
    const ofName = [...catalog.packagesOfName(catalog.findName(name))].map((row) => catalog.packageFile(row));
    const newest = ofName.find((file) => file.architecture === 'all' || file.architecture === architecture);
    if (newest !== undefined) files.push(newest);
  }
  return files;
}
