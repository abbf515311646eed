// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReverseBuildDependencyRequest } from '../../catalog.ts';
import { type CatalogColumns, packageFields, sourceFields } from './catalog-tables.ts';
import { matchesArchitectures, matchesProfiles, splitRestriction } from './restrictions.ts';
import type { StringTable } from './string-table.ts';

/** What is looked at of a catalog. */
interface Rows {
  readonly columns: CatalogColumns;
  readonly strings: StringTable;
  findName(name: string): number;
  nameText(name: number): string;
  packagesOfName(name: number): Uint32Array;
  suiteSourceRows(): Iterable<number>;
}

/** See Catalog.sourcesThatNeed. Versions in relations don't count: who asks may have another version in mind. */
export function reverseBuildDependencies(
  catalog: Rows,
  name: string,
  { architecture, profiles, depth }: ReverseBuildDependencyRequest,
): string[] | undefined {
  const packages = new SourcePackages(catalog);
  let rows = startingPackages(catalog, packages, name);
  if (rows === undefined) return undefined;
  const sources = namesOfSources(catalog, architecture, new Set(profiles));
  const found = new Set<string>();
  for (let level = 0; level < depth && rows.length > 0; level++) {
    const wanted = namesOfPackages(catalog, rows);
    // a name that only others provide stands for itself
    if (level === 0) wanted.add(catalog.findName(name));
    const met: string[] = [];
    for (const { source, needs } of sources) {
      if (!found.has(source) && needs.some((one) => wanted.has(one))) met.push(source);
    }
    for (const source of met) found.add(source);
    rows = met.flatMap((source) => packages.of(source));
  }
  return [...found].sort();
}

/** Rows of the package, of what provides the name, or of all packages of a source; undefined where there is nothing. */
function startingPackages(catalog: Rows, packages: SourcePackages, name: string): number[] | undefined {
  if (name.startsWith('src:')) return unlessEmpty(packages.of(name.slice('src:'.length)));
  const number = catalog.findName(name);
  const own = number < 0 ? [] : [...catalog.packagesOfName(number)];
  if (own.length > 0) return own;
  const { nameProviderStarts } = catalog.columns;
  const isProvided = number >= 0 && nameProviderStarts[number] !== nameProviderStarts[number + 1];
  return isProvided ? [-1] : unlessEmpty(packages.of(name));
}

function unlessEmpty(rows: number[]): number[] | undefined {
  return rows.length === 0 ? undefined : rows;
}

/** Names that dependencies on these packages can have: their own, and what they provide. */
function namesOfPackages({ columns }: Rows, rows: readonly number[]): Set<number> {
  const names = new Set<number>();
  const provides = packageFields.indexOf('provides');
  for (const row of rows) {
    if (row < 0) continue;
    names.add(columns.packageName[row] ?? 0);
    const place = row * packageFields.length + provides;
    const end = columns.packageRelationStarts[place + 1] ?? 0;
    for (let at = columns.packageRelationStarts[place] ?? 0; at < end; at++) {
      names.add(columns.atomName[(columns.relations[at] ?? 0) >> 1] ?? 0);
    }
  }
  return names;
}

/** Each source of the suite with the names in its build dependencies that count. */
function namesOfSources(
  catalog: Rows,
  architecture: string,
  profiles: ReadonlySet<string>,
): { readonly source: string; readonly needs: readonly number[] }[] {
  const { columns, strings } = catalog;
  const known = new Map<number, boolean>();
  const isKept = (restriction: number): boolean => {
    let kept = known.get(restriction);
    if (kept === undefined) {
      const parts = splitRestriction(strings.at(restriction));
      kept =
        matchesArchitectures(parts.architectures, architecture) && matchesProfiles(parts.profiles, profiles);
      known.set(restriction, kept);
    }
    return kept;
  };
  const { sourceRelationStarts: starts, sourceRelations: relations } = columns;
  return Array.from(catalog.suiteSourceRows(), (row) => {
    const needs: number[] = [];
    for (const [index, field] of sourceFields.entries()) {
      if (!field.startsWith('build-depends')) continue;
      const place = row * sourceFields.length + index;
      for (let at = starts[place] ?? 0; at < (starts[place + 1] ?? 0); at += 2) {
        if (isKept(relations[at + 1] ?? 0)) needs.push(columns.atomName[(relations[at] ?? 0) >> 1] ?? 0);
      }
    }
    return { source: catalog.nameText(columns.sourceName[row] ?? 0), needs };
  });
}

/** Rows of the packages that were built from a source. */
class SourcePackages {
  readonly #rows = new Map<string, number[]>();

  constructor({ columns, strings }: Rows) {
    const bySource = new Map<number, number[]>();
    for (let row = 0; row < columns.packageSource.length; row++) {
      const source = columns.packageSource[row] ?? 0;
      const rows = bySource.get(source);
      if (rows === undefined) bySource.set(source, [row]);
      else rows.push(row);
    }
    for (const [source, rows] of bySource) this.#rows.set(strings.at(source), rows);
  }

  of(source: string): number[] {
    return this.#rows.get(source) ?? [];
  }
}
