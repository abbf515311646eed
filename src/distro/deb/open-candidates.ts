// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory } from '../../host/files.ts';
import { walkTree } from '../../host/tree-walk.ts';
import type { LocalPackage } from '../distribution.ts';
import type { CandidateRequest } from '../resolution.ts';
import { parsePackageFileName, withoutEpoch } from './file-name.ts';
import { fetchNewestPackages, findFurtherRepository } from './further-repository.ts';
import { openLocalPackages } from './local-packages.ts';
import { readPackage } from './read-package.ts';
import { compareVersions } from './version.ts';

/**
 * The packages of files, of directories (all `.deb` files below them that are for the architecture) and of further
 * repositories, the newest of each name. Each gets the file name that its control data gives it, as two directories may
 * have different files of one name. Throws PasekaError bad-binary-package, also where two different files claim to be
 * one version, bad-changes-file, and for a repository what a freeze throws.
 */
export async function openCandidates(request: CandidateRequest): Promise<readonly LocalPackage[]> {
  const newest = new Map<string, LocalPackage>();
  for (const word of request.words) {
    for (const file of await openWord(word, request)) {
      const other = newest.get(file.name);
      const order = other === undefined ? 1 : compareVersions(file.version, other.version);
      if (order === 0 && other?.sha256 !== file.sha256) throw ambiguous(file, other);
      if (order > 0) newest.set(file.name, { ...file, fileName: ownFileName(file) });
    }
  }
  return [...newest.values()];
}

async function openWord(word: string, request: CandidateRequest): Promise<readonly LocalPackage[]> {
  const { architecture, further } = request;
  const repositories = further === undefined ? undefined : await findFurtherRepository(word);
  if (further !== undefined && repositories !== undefined) {
    return fetchNewestPackages(word, repositories, { architecture, ...further });
  }
  const path = resolve(word);
  return (await isDirectory(path)) ? openDirectory(path, architecture) : openFile(path, architecture);
}

function ownFileName({ name, version, architecture, path }: LocalPackage): string {
  const fileName = `${name}_${withoutEpoch(version)}_${architecture}.deb`;
  if (parsePackageFileName(fileName) !== undefined) return fileName;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: its name or version is none: ${name} ${version}`,
    'build it anew',
  );
}

async function openDirectory(path: string, architecture: string): Promise<LocalPackage[]> {
  const files: string[] = [];
  for await (const entry of walkTree(path)) {
    if (entry.path.endsWith('.deb') && !entry.stats.isDirectory()) files.push(join(path, entry.path));
  }
  const found: LocalPackage[] = [];
  for (const file of files.sort()) found.push(await readPackage(file));
  const fitting = found.filter((file) => fits(file, architecture));
  if (fitting.length > 0) return fitting;
  const what = found.length === 0 ? 'no .deb files' : `no packages for ${architecture}`;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: there are ${what} in this directory`,
    'give .deb files, or a directory that has some',
  );
}

async function openFile(path: string, architecture: string): Promise<readonly LocalPackage[]> {
  const found = await openLocalPackages(path);
  const foreign = found.find((file) => !fits(file, architecture));
  if (foreign === undefined) return found;
  throw new PasekaError(
    'bad-binary-package',
    `${foreign.path}: a package for ${foreign.architecture}`,
    `give packages for ${architecture}, or choose another --arch`,
  );
}

function fits(file: LocalPackage, architecture: string): boolean {
  return file.architecture === 'all' || file.architecture === architecture;
}

function ambiguous(file: LocalPackage, other: LocalPackage | undefined): PasekaError {
  return new PasekaError(
    'bad-binary-package',
    `${file.path} and ${other?.path} are both ${file.name} ${file.version}, but differ`,
    'give one of them, or build one with another version',
  );
}
