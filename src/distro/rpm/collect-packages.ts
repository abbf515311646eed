// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { isPasekaError } from '../../base/paseka-error.ts';
import { hashFile } from '../../host/hash-file.ts';
import { walkTree } from '../../host/tree-walk.ts';
import type { BuildResult, BuiltFile, LocalPackage } from '../distribution.ts';
import { readPackage } from './local-packages.ts';
import { openRpmFile } from './open-rpm-file.ts';

/**
 * Takes all packages below RPMS, and the source package where rpmbuild made one. Only plain files: the build may have left links to
 * this host's files, or pipes that nobody would ever end reading. @param top the build's `_topdir`, from outside
 */
export async function collectPackages(top: string): Promise<BuildResult> {
  const packages: LocalPackage[] = [];
  for (const path of await plainFiles(join(top, 'RPMS'), /\.rpm$/)) {
    const read = await unlessOther('bad-binary-package', readPackage(path));
    if (read === undefined) return failed(`${basename(path)} is not a binary package`);
    packages.push(read);
  }
  if (packages.length === 0) return failed('the build left no packages');
  packages.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  const artifacts = packages.map(({ fileName, path, bytes, sha256 }) => ({ fileName, path, bytes, sha256 }));
  // the others say what a round of %generate_buildrequires asked for
  for (const path of await plainFiles(join(top, 'SRPMS'), /(?<!\.buildreqs)\.(?:no)?src\.rpm$/)) {
    const read = await unlessOther('bad-source-package', readSource(path));
    if (read === undefined) return failed(`${basename(path)} is not a source package`);
    artifacts.push(read);
  }
  return { kind: 'built', artifacts, packages };
}

/** The build's failure, not this host's. */
function failed(reason: string): BuildResult {
  return { kind: 'failed', stage: 'collect', reason };
}

async function plainFiles(directory: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, stats } of walkTree(directory)) {
    if (stats.isFile() && pattern.test(path)) found.push(join(directory, path));
  }
  return found;
}

async function readSource(path: string): Promise<BuiltFile> {
  const { bytes } = await openRpmFile(path, 'source');
  return { fileName: basename(path), path, bytes, sha256: await hashFile(path) };
}

/** Undefined for a file that is something else than its name says. */
async function unlessOther<T>(
  code: 'bad-binary-package' | 'bad-source-package',
  reading: Promise<T>,
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isPasekaError(error, code)) throw error;
    return undefined;
  }
}
