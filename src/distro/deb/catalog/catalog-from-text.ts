// SPDX-License-Identifier: GPL-2.0-or-later
import { CatalogBuilder } from './catalog-builder.ts';
import type { CatalogInput } from './catalog-input.ts';
import { DebCatalog } from './deb-catalog.ts';
import { addIndex, type SeenPackages } from './index-rows.ts';

/** A list that is text already. */
export type TextIndex = Pick<CatalogInput, 'kind'> & { readonly text: string } & Partial<
    Omit<CatalogInput, 'kind'>
  >;

/** A catalog of lists given as text, for small repositories and tests: nothing is read or written. */
export function catalogFromText(lists: readonly TextIndex[]): DebCatalog {
  const builder = new CatalogBuilder();
  const seen: SeenPackages = new Map();
  for (const { text, ...given } of lists) {
    const input: CatalogInput = { ...defaults, path: given.kind, ...given };
    addIndex(builder, input, Buffer.from(text), seen);
  }
  return new DebCatalog(builder.finish());
}

const defaults: Omit<CatalogInput, 'kind' | 'path'> = {
  uri: 'http://mirror.example.org/debian/',
  suite: 'test',
  codename: 'test',
  component: 'main',
  notAutomatic: false,
  butAutomaticUpgrades: false,
};
