// SPDX-License-Identifier: GPL-2.0-or-later
import { readText } from '../../host/files.ts';
import { statsIfThere } from '../../host/tree-walk.ts';
import { headerTags } from './header/header-tags.ts';
import { numberOf, numbersOf } from './header/header-values.ts';
import { readRpmFile } from './open-rpm-file.ts';
import { hasChangelog } from './spec-preamble.ts';

/**
 * The SOURCE_DATE_EPOCH of a source package: when it was built. Undefined where it has a change log, from which rpmbuild takes
 * it. Throws PasekaError bad-source-package.
 */
export async function dateOfSourcePackage(path: string): Promise<number | undefined> {
  const { header } = await readRpmFile(path, 'source');
  if (numbersOf(header, headerTags.CHANGELOGTIME).length > 0) return undefined;
  return numberOf(header, headerTags.BUILDTIME);
}

/** That of a spec file, which is a plain file: when it was changed last, as hasher has it. Undefined where it has a change log. */
export async function dateOfSpec(path: string): Promise<number | undefined> {
  const stats = statsIfThere(path);
  if (stats?.isFile() !== true || hasChangelog(await readText(path))) return undefined;
  return Number(stats.mtimeNs / 1_000_000_000n);
}
