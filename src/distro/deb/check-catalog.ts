// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../base/invariant.ts';
import type { ArchiveCheck, ArchiveCheckRequest } from '../archive-check.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { checkArchive } from './check/check-archive.ts';

/** Checks a catalog that this packaging system has opened; see {@link checkArchive}. */
export function checkCatalog({ catalog, architecture, profiles }: ArchiveCheckRequest): ArchiveCheck {
  invariant(catalog instanceof DebCatalog, 'a catalog of another packaging system');
  return checkArchive(catalog, architecture, { profiles, indep: true });
}
