// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { DebCatalog } from './catalog/deb-catalog.ts';
import { frozenLayout, readFrozenDirectory } from './frozen-directory.ts';
import { openCatalog } from './open-catalog.ts';

/** Opens the catalog of a frozen directory; its cache stands beside the lists. Throws PasekaError index-corrupt. */
export async function openFrozenCatalog(frozenDirectory: string): Promise<DebCatalog> {
  const frozen = await readFrozenDirectory(frozenDirectory);
  const inputs = frozen.indices.map((index) => ({ ...index, path: join(frozenDirectory, index.path) }));
  return openCatalog(inputs, join(frozenDirectory, frozenLayout.catalog));
}
