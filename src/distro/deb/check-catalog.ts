// SPDX-License-Identifier: GPL-2.0-or-later

import { invariant } from '../../base/invariant.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type {
  Archive,
  ArchiveCheck,
  ArchiveCheckRequest,
  ArchiveComparison,
  ArchiveComparisonRequest,
  ArchiveState,
} from '../archive-check.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { RelationSyntaxError } from './catalog/relation-syntax.ts';
import { archiveUniverse } from './check/archive-universe.ts';
import { checkUniverse } from './check/check-archive.ts';
import { compareArchives } from './check/compare-archives.ts';
import { DebArchive } from './check/deb-archive.ts';
import type { Paragraph } from './deb822.ts';
import { controlOf } from './read-package.ts';
import type { Universe } from './resolve/universe.ts';

/** Checks a catalog that this packaging system has opened; see check/check-archive.ts. */
export async function checkCatalog(request: ArchiveCheckRequest): Promise<ArchiveCheck> {
  return checkUniverse(await universeOf(request), { profiles: request.profiles, indep: true });
}

/** Compares two states of an archive; see check/compare-archives.ts. */
export async function compareCatalogs(request: ArchiveComparisonRequest): Promise<ArchiveComparison> {
  const before = await universeOf(request.before);
  const after = await universeOf(request.after);
  return compareArchives(before, after, { profiles: request.profiles, indep: true });
}

/** Opens a state of an archive; see check/deb-archive.ts. */
export async function openArchive(state: ArchiveState): Promise<Archive> {
  return new DebArchive(await universeOf(state), state.overlay);
}

async function universeOf({ catalog, architecture, overlay }: ArchiveState): Promise<Universe> {
  invariant(catalog instanceof DebCatalog, 'a catalog of another packaging system');
  const controls: Paragraph[] = [];
  for (const file of overlay) controls.push(await controlOf(file));
  try {
    return archiveUniverse(catalog, architecture, controls);
  } catch (error) {
    if (!(error instanceof RelationSyntaxError)) throw error;
    const message = `one of the packages over the archive has a bad relationship: ${error.message}`;
    throw new PasekaError('bad-binary-package', message, 'build it anew', error);
  }
}
