// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, makeDirectory, makeTemporaryDirectory, pathExists } from '../../host/files.ts';
import { walkTree } from '../../host/tree-walk.ts';
import type { LocalPackage } from '../package.ts';
import type { FurtherRepositories, Repository } from '../repository.ts';
import type { CandidateRequest } from '../resolution.ts';
import { findRepositories } from './find-repositories.ts';
import { freezeRepositories } from './freeze.ts';
import { isPackageFile, openLocalPackages, readPackage } from './local-packages.ts';
import { openFrozenCatalog } from './rpm-catalog.ts';
import { compareEvr } from './rpm-version.ts';
import { verifyPackages } from './verify-packages.ts';

/**
 * The packages of files, of directories (all `.rpm` files below them that are for the architecture) and of further
 * repositories (a `.repo` file, a sources.list of apt-rpm, or a directory that is an rpm-md repository), the newest of each name.
 * Throws PasekaError bad-binary-package, also where two different files claim to be one version, and for a repository what a
 * freeze throws.
 */
export async function openCandidates(request: CandidateRequest): Promise<readonly LocalPackage[]> {
  const newest = new Map<string, LocalPackage>();
  for (const word of request.words) {
    for (const file of await openWord(word, request)) {
      const other = newest.get(file.name);
      const order = other === undefined ? 1 : compareEvr(file.version, other.version);
      if (order === 0 && other?.sha256 !== file.sha256) throw ambiguous(file, other);
      if (order > 0) newest.set(file.name, { ...file, fileName: ownFileName(file) });
    }
  }
  return [...newest.values()];
}

async function openWord(word: string, request: CandidateRequest): Promise<readonly LocalPackage[]> {
  const { architecture, further } = request;
  const path = resolve(word);
  const repositories = further === undefined ? undefined : await findFurther(path);
  if (further !== undefined && repositories !== undefined) {
    return await fetchNewest(word, repositories, { architecture, ...further });
  }
  if (await isDirectory(path)) return await openDirectory(path, architecture);
  const found = await openLocalPackages(path);
  const foreign = found.find((file) => !fits(file, architecture));
  if (foreign === undefined) return found;
  throw new PasekaError(
    'bad-binary-package',
    `${foreign.path}: a package for ${foreign.architecture}`,
    `give packages for ${architecture}, or choose another --arch`,
  );
}

/** Undefined for what is no repository. */
async function findFurther(path: string): Promise<readonly Repository[] | undefined> {
  if (/\.(repo|list)$/.test(path)) return (await findRepositories({ sources: path })).repositories;
  if (!(await pathExists(join(path, 'repodata', 'repomd.xml')))) return undefined;
  // trusted as packages given by their path are
  return [{ uri: `file://${path}`, suite: 'further', components: [], trusted: true }];
}

/** All of its packages, because what lies over a snapshot is kept with its campaign. */
async function fetchNewest(
  word: string,
  repositories: readonly Repository[],
  request: FurtherRepositories & { readonly architecture: string },
): Promise<LocalPackage[]> {
  const { architecture, onProgress, signal } = request;
  await using scratch = await makeTemporaryDirectory(request.scratchDirectory, 'further-');
  const directory = join(scratch.path, 'frozen');
  await makeDirectory(directory);
  onProgress?.(`freezing ${word}`);
  const stop = signal === undefined ? {} : { signal };
  await freezeRepositories({ repositories, architecture, ...stop }, directory);
  const { repositories: pool } = await openFrozenCatalog(directory);
  const files = pool.packageNames().flatMap((name) => {
    const fitting = pool
      .newestFirst(pool.packagesOfName(name))
      .find((id) => fits({ architecture: pool.architecture(id) }, architecture));
    return fitting === undefined ? [] : [pool.packageFile(fitting)];
  });
  pool.pool[Symbol.dispose]();
  if (files.length === 0) {
    throw new PasekaError(
      'bad-binary-package',
      `${word}: there are no packages for ${architecture} in this repository`,
      'give a repository that has some, or choose another --arch',
    );
  }
  onProgress?.(`fetching ${files.length} packages of ${word}`);
  const paths = await request.fetch(files);
  const pathBySha256 = new Map(files.map(({ sha256 }, place) => [sha256, paths[place] ?? '']));
  await verifyPackages({
    frozenDirectory: directory,
    files,
    pathOf: ({ sha256 }) => pathBySha256.get(sha256) ?? '',
    scratchDirectory: scratch.path,
    ...stop,
  });
  const found: LocalPackage[] = [];
  for (const path of paths) found.push(await readPackage(path));
  return found;
}

async function openDirectory(path: string, architecture: string): Promise<LocalPackage[]> {
  const files: string[] = [];
  for await (const entry of walkTree(path)) {
    if (isPackageFile(entry.path) && !entry.stats.isDirectory()) files.push(join(path, entry.path));
  }
  const found: LocalPackage[] = [];
  for (const file of files.sort()) found.push(await readPackage(file));
  const fitting = found.filter((file) => fits(file, architecture));
  if (fitting.length > 0) return fitting;
  const what = found.length === 0 ? 'no .rpm files' : `no packages for ${architecture}`;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: there are ${what} in this directory`,
    'give .rpm files, or a directory that has some',
  );
}

function fits(file: Pick<LocalPackage, 'architecture'>, architecture: string): boolean {
  return file.architecture === 'noarch' || file.architecture === architecture;
}

/** Two directories may have different files of one name. */
function ownFileName({ name, version, architecture }: LocalPackage): string {
  return `${name}-${version.replace(/^\d+:/, '')}.${architecture}.rpm`;
}

function ambiguous(file: LocalPackage, other: LocalPackage | undefined): PasekaError {
  return new PasekaError(
    'bad-binary-package',
    `${file.path} and ${other?.path} are both ${file.name} ${file.version}, but differ`,
    'give one of them, or build one with another version',
  );
}
