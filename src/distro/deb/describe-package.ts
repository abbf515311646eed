// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import type { Sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileSize, listDirectory, makeTemporaryDirectory } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import type { PackageDescription } from '../package-description.ts';
import { parseContents } from './package-contents.ts';
import { readControl } from './read-package.ts';

const relationFields = [
  'Pre-Depends',
  'Depends',
  'Recommends',
  'Suggests',
  'Enhances',
  'Provides',
  'Conflicts',
  'Breaks',
  'Replaces',
  'Built-Using',
] as const;

/** Most that the list of a package's files may have: the archive's largest have some 10 MB. */
const listBytes = 256 * 1024 * 1024;

/** Whether a file that a build gave is a package worth comparing: automatic debug packages differ always. */
export function isComparedPackage(fileName: string): boolean {
  return fileName.endsWith('.deb') && !/^[^_]*-dbgsym_/.test(basename(fileName));
}

/** Reads what a .deb is made of without unpacking its files. Throws PasekaError bad-binary-package. */
export async function describePackage(path: string, scratchDirectory: string): Promise<PackageDescription> {
  const control = await readControl(path);
  await using scratch = await makeTemporaryDirectory(scratchDirectory, 'control-');
  const directory = join(scratch.path, 'control');
  await dpkgDeb(path, ['--control', path, directory]);
  const scripts = new Map<string, Sha256>();
  for (const name of (await listDirectory(directory)).sort()) {
    if (name !== 'control' && name !== 'md5sums') scripts.set(name, await hashFile(join(directory, name)));
  }
  const relations = new Map<string, readonly string[]>();
  for (const field of relationFields) {
    const text = (control.get(field.toLowerCase()) ?? '').replaceAll(/\s+/g, ' ').trim();
    if (text !== '')
      relations.set(
        field,
        text.split(/\s*,\s*/).filter((one) => one !== ''),
      );
  }
  return {
    name: control.get('package') ?? '',
    version: control.get('version') ?? '',
    architecture: control.get('architecture') ?? '',
    bytes: await fileSize(path),
    installedBytes: (Number(control.get('installed-size')) || 0) * 1024,
    relations,
    files: parseContents(await dpkgDeb(path, ['--contents', path])),
    scripts,
  };
}

async function dpkgDeb(path: string, args: readonly string[]): Promise<string> {
  const result = await runProcess({
    command: ['dpkg-deb', ...args],
    environment: toolEnvironment(),
    captureBytes: listBytes,
  });
  if (isSuccess(result.end)) return result.stdout;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: not a binary package: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    'build or fetch it anew',
  );
}
