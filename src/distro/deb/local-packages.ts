// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, pathExists, readText } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import { walkTree } from '../../host/tree-walk.ts';
import type { LocalPackage } from '../distribution.ts';
import { parseChangesFile } from './changes-file.ts';
import { Deb822Error } from './deb822.ts';
import { parsePackageFileName, withoutEpoch } from './file-name.ts';
import { readPackage } from './read-package.ts';
import { compareVersions } from './version.ts';

/** The packages of a `.deb`, or of a `.changes` whose files stand beside it and are what it lists. */
export async function openLocalPackages(path: string): Promise<readonly LocalPackage[]> {
  return path.endsWith('.changes') ? openChanges(path) : [await readPackage(path)];
}

/**
 * The packages of files and directories (all `.deb` files below them that are for the architecture), the newest of each
 * name. Each gets the file name that its control data gives it, as two directories may have different files of one
 * name. Throws PasekaError bad-binary-package, also where two different files claim to be one version.
 */
export async function openCandidates(
  paths: readonly string[],
  architecture: string,
): Promise<readonly LocalPackage[]> {
  const newest = new Map<string, LocalPackage>();
  for (const path of paths) {
    const found = (await isDirectory(path))
      ? await openDirectory(path, architecture)
      : await openFile(path, architecture);
    for (const file of found) {
      const other = newest.get(file.name);
      const order = other === undefined ? 1 : compareVersions(file.version, other.version);
      if (order === 0 && other?.sha256 !== file.sha256) throw ambiguous(file, other);
      if (order > 0) newest.set(file.name, { ...file, fileName: ownFileName(file) });
    }
  }
  return [...newest.values()];
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

async function openChanges(path: string): Promise<LocalPackage[]> {
  const problem = (message: string, cause?: unknown): PasekaError =>
    new PasekaError(
      'bad-changes-file',
      `${path}: ${message}`,
      'build the package anew, or give its .deb files',
      cause,
    );
  if (!(await pathExists(path))) throw problem('no such file');
  let changes;
  try {
    changes = parseChangesFile(await readText(path));
  } catch (error) {
    if (error instanceof Deb822Error) throw problem(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
  if (changes === undefined) throw problem('not a .changes file (no Source, Version or Checksums-Sha256)');
  const packages: LocalPackage[] = [];
  for (const listed of changes.files) {
    if (!listed.fileName.endsWith('.deb')) continue;
    const file = join(dirname(path), listed.fileName);
    if (!(await pathExists(file))) throw problem(`${listed.fileName} is missing beside it`);
    if ((await hashFile(file)) !== listed.sha256)
      throw problem(`${listed.fileName} is not the file that it lists`);
    packages.push(await readPackage(file));
  }
  if (packages.length === 0) throw problem('it lists no binary packages');
  return packages;
}
