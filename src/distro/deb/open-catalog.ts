// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts, type Sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileStamp, readWholeFile, writeFileAtomically } from '../../host/whole-file.ts';
import { CatalogBuilder } from './catalog/catalog-builder.ts';
import { catalogFormatVersion, decodeCatalog, encodeCatalog } from './catalog/catalog-file.ts';
import { type CatalogInput, repositoryOf } from './catalog/catalog-input.ts';
import type { CatalogTables } from './catalog/catalog-tables.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { addIndex, type SeenPackages } from './catalog/index-rows.ts';

/**
 * Opens the catalog of these lists: from the cache file where that was made from the same lists by this format, else
 * by parsing them (seconds), which writes the cache anew. A cache file that can't be written is done without. Throws
 * PasekaError index-corrupt for a list that is missing or has rubbish in it.
 */
export async function openCatalog(inputs: readonly CatalogInput[], cacheFile: string): Promise<DebCatalog> {
  const digest = await digestOfInputs(inputs);
  const cached = await readWholeFile(cacheFile);
  const tables = cached === undefined ? undefined : decodeCatalog(cached, digest);
  if (tables !== undefined) return new DebCatalog(tables);
  const built = await buildTables(inputs);
  await writeFileAtomically(cacheFile, encodeCatalog(built, digest));
  return new DebCatalog(built);
}

/**
 * Parses the lists, in their order, which decides between equal packages of equal priority. Packages come first, so
 * that names have the order in which apt meets them.
 */
export async function buildTables(inputs: readonly CatalogInput[]): Promise<CatalogTables> {
  const builder = new CatalogBuilder();
  const seen: SeenPackages = new Map();
  const packagesFirst = [...inputs].sort(
    (a, b) => Number(a.kind === 'sources') - Number(b.kind === 'sources'),
  );
  for (const input of packagesFirst) {
    const bytes = await readWholeFile(input.path);
    if (bytes === undefined) throw missing(input.path);
    addIndex(builder, input, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), seen);
  }
  return builder.finish();
}

/**
 * Everything that the tables depend on: the format, each list's content (its digest; size and change time where that
 * isn't known) and what was said of its repository, in order. The lists' paths are not part of it.
 */
async function digestOfInputs(inputs: readonly CatalogInput[]): Promise<Sha256> {
  const parts: Record<string, string> = { format: String(catalogFormatVersion) };
  for (const [index, input] of inputs.entries()) {
    const content = input.sha256 ?? (await fileStamp(input.path));
    if (content === undefined) throw missing(input.path);
    parts[`list ${index}`] = content;
    parts[`repository ${index}`] = JSON.stringify(repositoryOf(input));
  }
  return digestOfParts(parts);
}

function missing(path: string): PasekaError {
  return new PasekaError(
    'index-corrupt',
    `the list ${path} is missing`,
    'remove this snapshot and make it anew',
  );
}
