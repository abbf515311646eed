// SPDX-License-Identifier: GPL-2.0-or-later
import type { DebCatalog } from '../catalog/deb-catalog.ts';
import type { Paragraph } from '../deb822.ts';
import { Universe } from '../resolve/universe.ts';

/**
 * All packages of an archive, nothing being installed. Packages that lie over it take the place of all versions of their
 * names, as if they had been uploaded to it.
 * @param overlay their control data.
 */
export function archiveUniverse(
  catalog: DebCatalog,
  architecture: string,
  overlay: readonly Paragraph[] = [],
): Universe {
  const replaced = new Set<number>();
  for (const paragraph of overlay) {
    const name = catalog.findName(paragraph.get('package') ?? '');
    if (name >= 0) for (const row of catalog.packagesOfName(name)) replaced.add(row);
  }
  return new Universe(catalog, { packages: [], unfinished: [], architecture }, overlay, undefined, replaced);
}
