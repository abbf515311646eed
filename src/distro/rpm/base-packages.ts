// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { BasePackagesRequest, BaseVariant } from '../distribution.ts';
import type { PackageFile } from '../source-input.ts';
import { sharedResolver } from './rpm-resolver.ts';
import { solveBase } from './solve-base.ts';

/** What a root is that packages can be installed into and checked in; a distribution has only some of these names. */
const minimal = [
  // ALT, Mandriva
  'basesystem',
  // Fedora and its kin, SUSE; without the first, all languages would come
  'glibc-minimal-langpack',
  ...['bash', 'coreutils', 'shadow', 'shadow-utils', 'util-linux'],
  'rpm',
];

/** What a distribution's builders start with, where it has no package that says so. */
const builder = [
  ...['rpm-build', 'redhat-rpm-config', 'sisyphus_check'],
  ...['gcc', 'gcc-c++', 'make', 'patch', 'diffutils', 'findutils', 'gawk', 'grep', 'sed', 'which'],
  ...['bzip2', 'cpio', 'gzip', 'tar', 'unzip', 'xz', 'zstd', 'info'],
];

/** A package that requires all that every build starts with: the group of that name in Fedora's builders. */
const buildRoot = 'buildsys-build';

/**
 * Which packages a base is made from, in the order of installation. Throws PasekaError base-failed where the repositories don't
 * have rpm, or can't give all together.
 */
export async function listBasePackages({
  frozenDirectory,
  variant,
}: BasePackagesRequest): Promise<readonly PackageFile[]> {
  const { repositories } = await sharedResolver(frozenDirectory, undefined);
  const names = baseNames(variant, (name) => repositories.packagesOfName(name).length > 0);
  if (!names.includes('rpm')) {
    throw new PasekaError(
      'base-failed',
      'the repositories have no package rpm, which every root needs',
      'add the repository of the distribution itself',
    );
  }
  return solveBase(frozenDirectory, names);
}

/** The names that a base of this variant is asked for by, of those that the repositories have. */
function baseNames(variant: BaseVariant, has: (name: string) => boolean): string[] {
  const wanted = variant === 'minimal' ? [] : has(buildRoot) ? [buildRoot] : builder;
  return [...minimal, ...wanted].filter(has);
}
