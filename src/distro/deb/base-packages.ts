// SPDX-License-Identifier: GPL-2.0-or-later
import { parseSha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { BasePackagesRequest, BaseVariant } from '../distribution.ts';
import type { PackageFile } from '../source-input.ts';
import { parsePackageFileName } from './file-name.ts';
import { askHostApt } from './host-apt.ts';

/**
 * What each variant has besides the essential packages: `build` is a Debian builder's chroot (build-essential and, as
 * sbuild adds it, fakeroot), `minimal` is debootstrap's minbase, which is where piuparts starts too.
 */
export const additionalPackages: Readonly<Record<BaseVariant, readonly string[]>> = {
  build: ['apt', 'build-essential', 'fakeroot'],
  minimal: ['apt'],
};

/** The package files that a base of this variant consists of, as apt chooses them on an empty system. */
export async function listBasePackages(request: BasePackagesRequest): Promise<PackageFile[]> {
  const { frozenDirectory, architecture, variant, signal } = request;
  const wanted = ['?essential', '?priority(required)', ...additionalPackages[variant]];
  const output = await askHostApt(
    frozenDirectory,
    architecture,
    ['apt-get', '--print-uris', '--yes', '--allow-remove-essential', 'install', ...wanted],
    signal,
  );
  const packages = parsePrintedUris(output);
  if (packages.length === 0) {
    throw new PasekaError(
      'base-failed',
      'the snapshot has no essential packages',
      'a base needs a whole distribution: add its main repository to the sources',
    );
  }
  return packages;
}

/** Parses `apt-get --print-uris`: `'URL' name_version_arch.deb bytes SHA256:digest`; other lines are skipped. */
export function parsePrintedUris(output: string): PackageFile[] {
  const packages: PackageFile[] = [];
  for (const line of output.split('\n')) {
    const match = /^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]+)$/.exec(line.trim());
    if (match === null) continue;
    const [, url = '', fileName = '', bytes = '', digest = ''] = match;
    const parts = parsePackageFileName(fileName);
    const sha256 = parseSha256(digest);
    if (parts !== undefined && sha256 !== undefined) {
      packages.push({ ...parts, fileName, url, bytes: Number(bytes), sha256 });
    }
  }
  return packages;
}
