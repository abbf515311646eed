// SPDX-License-Identifier: GPL-2.0-or-later
import type { CatalogRepository } from './catalog-input.ts';

/**
 * A catalog as columns. Strings are numbers into one table (0 is the empty string); package names have numbers of
 * their own, in byte order, so that a name is found by bisection; a relationship is a list of atoms, an atom being one
 * `name:qualifier (relation version)`. A range of list `i` reaches from `starts[i]` to `starts[i + 1]`.
 */
export const columnTypes = {
  stringBytes: 'u8',
  stringStarts: 'u32',

  /** Of each name number, its string: sorted. */
  nameString: 'u32',
  /** When apt's cache generator first meets the name as a package: its tie-break. {@link noOrder} where it never does. */
  nameOrder: 'u32',
  /** Packages of each name, newest version first: ranges of `namePackages`. */
  namePackageStarts: 'u32',
  namePackages: 'u32',
  /** Pairs of package and atom, for everything that provides the name: ranges (in numbers) of `nameProviders`. */
  nameProviderStarts: 'u32',
  nameProviders: 'u32',
  /** Sources of each name, newest version first: ranges of `nameSources`. */
  nameSourceStarts: 'u32',
  nameSources: 'u32',

  atomName: 'u32',
  atomQualifier: 'u32',
  /** Index into {@link relationNames}. */
  atomRelation: 'u8',
  atomVersion: 'u32',

  /** Atom number × 2, plus 1 where the next item is an alternative to it. */
  relations: 'u32',

  packageName: 'u32',
  packageVersion: 'u32',
  packageArchitecture: 'u32',
  packageSource: 'u32',
  packageSourceVersion: 'u32',
  packageSection: 'u32',
  packageFilename: 'u32',
  packageBytes: 'f64',
  /** 32 bytes each. */
  packageSha256: 'u8',
  packageInstalledKiB: 'u32',
  /** Index into {@link priorityNames}. */
  packagePriority: 'u8',
  /** {@link packageFlags}. */
  packageFlags: 'u8',
  packageRepository: 'u8',
  /** {@link packageFields} ranges of `relations` for each package. */
  packageRelationStarts: 'u32',

  sourceName: 'u32',
  sourceVersion: 'u32',
  sourceArchitecture: 'u32',
  sourceSection: 'u32',
  sourceMaintainer: 'u32',
  /** As the field has them, in one line. */
  sourceUploaders: 'u32',
  sourcePackageList: 'u32',
  sourceDirectory: 'u32',
  sourceFlags: 'u8',
  sourceRepository: 'u8',
  /** {@link sourceFields} ranges (in numbers) of `sourceRelations` for each source. */
  sourceRelationStarts: 'u32',
  /** Pairs: as in `relations`, then the string of the restriction, `[archs]<profiles>` or empty. */
  sourceRelations: 'u32',
  sourceFileStarts: 'u32',
  fileName: 'u32',
  fileBytes: 'f64',
  fileSha256: 'u8',
} as const;

type ArrayOf = { readonly u8: Uint8Array; readonly u32: Uint32Array; readonly f64: Float64Array };
export type ColumnName = keyof typeof columnTypes;

/** The columns themselves. */
export type CatalogColumns = { readonly [K in ColumnName]: ArrayOf[(typeof columnTypes)[K]] };

/** Everything of a catalog. */
export interface CatalogTables {
  readonly repositories: readonly CatalogRepository[];
  readonly columns: CatalogColumns;
}

/** In `nameOrder`: apt's cache has no package of that name. */
export const noOrder = 0xffffffff;

export const relationNames = ['', '<<', '<=', '=', '>=', '>>'] as const;

/** In apt's order of importance; the index is what the column holds. 0 is "none given". */
export const priorityNames = ['', 'required', 'important', 'standard', 'optional', 'extra'] as const;

/** The relationship fields of a package in the order in which apt reads them; so are their ranges. */
export const packageFields = [
  'pre-depends',
  'depends',
  'conflicts',
  'breaks',
  'recommends',
  'suggests',
  'replaces',
  'enhances',
  'provides',
] as const;

/** The relationship fields of a source in the order in which apt reads them. */
export const sourceFields = [
  'build-depends',
  'build-depends-indep',
  'build-conflicts',
  'build-conflicts-indep',
  'build-depends-arch',
  'build-conflicts-arch',
] as const;
export type SourceField = (typeof sourceFields)[number];

/** Bits of `packageFlags`. */
export const packageFlags = { essential: 1, important: 2, same: 4, foreign: 8, allowed: 16 } as const;

/** Bits of `sourceFlags`. */
export const sourceFlags = { extraSourceOnly: 1 } as const;
