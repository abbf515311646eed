// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import type { Distribution, LocalPackage } from '../distro/distribution.ts';
import type { WantedPackages } from '../distro/resolution.ts';

/**
 * What each word of the user's means: a path (with a slash, or with the ending of a package file) is packages of the
 * user's own, anything else `name` or `name=version` in the snapshot. Throws PasekaError bad-binary-package,
 * bad-changes-file.
 */
export async function choosePackages(
  words: readonly string[],
  architecture: string,
  distribution: Pick<Distribution, 'isPackagesFile' | 'openCandidates'>,
): Promise<Pick<WantedPackages, 'names' | 'local'>> {
  const isPath = (word: string): boolean => word.includes('/') || distribution.isPackagesFile(word);
  const paths = words.filter(isPath).map((word) => resolve(word));
  const local: readonly LocalPackage[] = await distribution.openCandidates({
    words: paths,
    architecture,
  });
  return { names: words.filter((word) => !isPath(word)), local };
}
