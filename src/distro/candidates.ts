// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { isDirectory, makeDirectory, makeTemporaryDirectory } from '../host/files.ts';
import { walkTree } from '../host/tree-walk.ts';
import type { Distribution, LocalPackage } from './distribution.ts';
import type { FreezeRequest, FurtherRepositories, Repository } from './repository.ts';
import type { CandidateRequest } from './resolution.ts';
import type { PackageFile } from './source-input.ts';

/** What a packaging system knows of the packages that a user gives it. */
export interface CandidateFormat extends Pick<Distribution, 'isForEveryMachine' | 'verifyFiles'> {
  /** How the names of its package files end, with the dot. */
  readonly ending: string;
  /** Whether a file of a directory is one of its binary packages, by its path. */
  isPackageFile(path: string): boolean;
  readPackage(path: string): Promise<LocalPackage>;
  /** The packages of a file, or those that it lists. */
  openFile(path: string): Promise<readonly LocalPackage[]>;
  compareVersions(one: string, other: string): number;
  /** A name that its data give it: two directories may have different files of one name. */
  fileNameOf(file: LocalPackage): string;
  /** The repositories that a word stands for; undefined where it is a file or a directory of package files. */
  findRepositories(word: string): Promise<readonly Repository[] | undefined>;
  freeze(request: FreezeRequest, directory: string): Promise<unknown>;
  /** Of what was frozen there the newest package of each name that is for the architecture. */
  newestOf(frozenDirectory: string, architecture: string): Promise<readonly PackageFile[]>;
}

/**
 * The packages of files, of directories (all package files below them that are for the architecture) and of further
 * repositories, the newest of each name. Throws PasekaError bad-binary-package, also where two different files claim to
 * be one version, and for a repository what a freeze throws.
 */
export async function openCandidatesOf(
  format: CandidateFormat,
  request: CandidateRequest,
): Promise<readonly LocalPackage[]> {
  const newest = new Map<string, LocalPackage>();
  for (const word of request.words) {
    for (const file of await openWord(format, word, request)) {
      const other = newest.get(file.name);
      const order = other === undefined ? 1 : format.compareVersions(file.version, other.version);
      if (order === 0 && other?.sha256 !== file.sha256) throw ambiguous(file, other);
      if (order > 0) newest.set(file.name, { ...file, fileName: format.fileNameOf(file) });
    }
  }
  return [...newest.values()];
}

async function openWord(
  format: CandidateFormat,
  word: string,
  { architecture, further }: CandidateRequest,
): Promise<readonly LocalPackage[]> {
  const repositories = further === undefined ? undefined : await format.findRepositories(word);
  if (further !== undefined && repositories !== undefined) {
    return fetchNewest(format, word, repositories, { architecture, ...further });
  }
  const path = resolve(word);
  return (await isDirectory(path))
    ? openDirectory(format, path, architecture)
    : openFile(format, path, architecture);
}

async function openDirectory(
  format: CandidateFormat,
  path: string,
  architecture: string,
): Promise<LocalPackage[]> {
  const { ending } = format;
  const files: string[] = [];
  for await (const entry of walkTree(path)) {
    if (format.isPackageFile(entry.path) && !entry.stats.isDirectory()) files.push(join(path, entry.path));
  }
  const found: LocalPackage[] = [];
  for (const file of files.sort()) found.push(await format.readPackage(file));
  const fitting = found.filter((file) => fits(format, file, architecture));
  if (fitting.length > 0) return fitting;
  const what = found.length === 0 ? `no ${ending} files` : `no packages for ${architecture}`;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: there are ${what} in this directory`,
    `give ${ending} files, or a directory that has some`,
  );
}

async function openFile(
  format: CandidateFormat,
  path: string,
  architecture: string,
): Promise<readonly LocalPackage[]> {
  const found = await format.openFile(path);
  const foreign = found.find((file) => !fits(format, file, architecture));
  if (foreign === undefined) return found;
  throw new PasekaError(
    'bad-binary-package',
    `${foreign.path}: a package for ${foreign.architecture}`,
    `give packages for ${architecture}, or choose another --arch`,
  );
}

/**
 * Freezes repositories as a snapshot's are frozen (what is signed verified, indices checked), and brings the newest package of
 * each name to this machine: all of them, because what lies over a snapshot is kept with its campaign.
 */
async function fetchNewest(
  format: CandidateFormat,
  word: string,
  repositories: readonly Repository[],
  request: FurtherRepositories & { readonly architecture: string },
): Promise<LocalPackage[]> {
  const { architecture, onProgress, signal } = request;
  await using scratch = await makeTemporaryDirectory(request.scratchDirectory, 'further-');
  const frozenDirectory = join(scratch.path, 'frozen');
  await makeDirectory(frozenDirectory);
  onProgress?.(`freezing ${word}`);
  const stop = signal === undefined ? {} : { signal };
  await format.freeze({ repositories, architecture, ...stop }, frozenDirectory);
  const files = await format.newestOf(frozenDirectory, architecture);
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
  const pathOf = ({ sha256 }: Pick<PackageFile, 'sha256'>): string => pathBySha256.get(sha256) ?? '';
  await format.verifyFiles({ frozenDirectory, files, pathOf, scratchDirectory: scratch.path, ...stop });
  const found: LocalPackage[] = [];
  for (const path of paths) found.push(await format.readPackage(path));
  return found;
}

function fits(format: CandidateFormat, file: LocalPackage, architecture: string): boolean {
  return format.isForEveryMachine(file.architecture) || file.architecture === architecture;
}

function ambiguous(file: LocalPackage, other: LocalPackage | undefined): PasekaError {
  return new PasekaError(
    'bad-binary-package',
    `${file.path} and ${other?.path} are both ${file.name} ${file.version}, but differ`,
    'give one of them, or build one with another version',
  );
}
