// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, resolve } from 'node:path';
import { type Sha256, sha256 } from '../../base/digest.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { LocalPackage } from '../distribution.ts';
import type { PackageDescription } from '../package-description.ts';
import { describeFiles } from './header/described-files.ts';
import { formatRelation, relationKinds, relationsOf } from './header/header-dependencies.ts';
import { filesOf } from './header/header-files.ts';
import { headerTags } from './header/header-tags.ts';
import { numberOf } from './header/header-values.ts';
import { packageIdentity } from './header/package-identity.ts';
import { scriptletsOf } from './header/scriptlets.ts';
import { openRpmFile } from './open-rpm-file.ts';

/** Whether packages of this architecture are for every machine. */
export function isForEveryMachine(architecture: string): boolean {
  return architecture === 'noarch';
}

/** The package of an `.rpm` file, checked against its own digests. Throws PasekaError bad-binary-package. */
export async function openLocalPackages(path: string): Promise<readonly LocalPackage[]> {
  return [await readPackage(path)];
}

/** Reads what an `.rpm` says of itself. Throws PasekaError bad-binary-package. */
export async function readPackage(path: string): Promise<LocalPackage> {
  const { header, bytes } = await openRpmFile(path, 'binary');
  const { name, version, architecture } = packageIdentity(header);
  return {
    name,
    version,
    architecture,
    fileName: basename(path),
    path: resolve(path),
    sha256: await hashFile(path),
    bytes,
  };
}

/** Whether a file is a binary package, by its name. */
export function isPackageFile(fileName: string): boolean {
  return fileName.endsWith('.rpm') && !/\.(no)?src\.rpm$/.test(fileName);
}

/** Packages with debugging symbols, which rpmbuild made by itself, have nothing to be checked. */
export function isInstallChecked(file: LocalPackage): boolean {
  return !isDebugPackage(file.name);
}

function isDebugPackage(name: string): boolean {
  return /-debug(info|source)$/.test(name);
}

/** Whether a file that a build gave is worth comparing: packages with debugging symbols differ always. */
export function isComparedPackage(fileName: string): boolean {
  return isPackageFile(fileName) && !isDebugPackage(basename(fileName).replace(/-[^-]+-[^-]+$/, ''));
}

/** Reads what a package is made of, from its header alone. Throws PasekaError bad-binary-package. */
export async function describePackage(path: string): Promise<PackageDescription> {
  const { header, bytes } = await openRpmFile(path, 'binary');
  const { name, version, architecture } = packageIdentity(header);
  const relations = new Map<string, readonly string[]>();
  for (const kind of relationKinds) {
    const texts = relationsOf(header, kind).map(formatRelation);
    if (texts.length > 0)
      relations.set(
        kind.replace(/^./, (letter) => letter.toUpperCase()),
        texts,
      );
  }
  const scripts = new Map<string, Sha256>();
  for (const [script, text] of scriptletsOf(header)) scripts.set(script, sha256(text));
  return {
    name,
    version,
    architecture,
    bytes,
    installedBytes: numberOf(header, headerTags.LONGSIZE) ?? numberOf(header, headerTags.SIZE) ?? 0,
    relations,
    files: describeFiles(filesOf(header)),
    scripts,
  };
}
