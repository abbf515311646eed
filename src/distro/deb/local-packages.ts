// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileSize, pathExists, readText } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { LocalPackage } from '../distribution.ts';
import { parseChangesFile } from './changes-file.ts';
import { Deb822Error } from './deb822.ts';
import { readPackage } from './read-package.ts';

/** Whether packages of this architecture are for every machine. */
export function isForEveryMachine(architecture: string): boolean {
  return architecture === 'all';
}

/** Nothing to do: what apt trusts it trusts by its release file, which has the digests of all others. */
export async function verifyFiles(): Promise<void> {}

/** The packages of a `.deb`, or of a `.changes` whose files stand beside it and are what it lists. */
export async function openLocalPackages(path: string): Promise<readonly LocalPackage[]> {
  return path.endsWith('.changes') ? openChanges(path) : [await readPackage(path)];
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
    const bytes = await fileSize(file);
    if (bytes !== listed.bytes) {
      throw problem(`${listed.fileName} has ${bytes} bytes, and not ${listed.bytes} as it lists`);
    }
    const found = await hashFile(file);
    if (found !== listed.sha256) {
      throw problem(`${listed.fileName} has SHA-256 ${found}, and not ${listed.sha256} as it lists`);
    }
    packages.push(await readPackage(file));
  }
  if (packages.length === 0) throw problem('it lists no binary packages');
  return packages;
}
