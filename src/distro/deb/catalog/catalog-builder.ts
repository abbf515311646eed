// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../../base/invariant.ts';
import { compareVersions } from '../version.ts';
import type { CatalogInput, CatalogRepository } from './catalog-input.ts';
import { repositoryOf } from './catalog-input.ts';
import type { CatalogColumns, CatalogTables, ColumnName } from './catalog-tables.ts';
import { columnTypes, noOrder, packageFields, relationNames } from './catalog-tables.ts';
import { float64Column, type NumberColumn, uint8Column, uint32Column } from './number-column.ts';
import { parseRelationAtom, splitRelations } from './relation-syntax.ts';
import { StringTable, StringTableBuilder } from './string-table.ts';

type AnyColumn = NumberColumn<Uint8Array> | NumberColumn<Uint32Array> | NumberColumn<Float64Array>;
type Columns = Readonly<Record<ColumnName, AnyColumn>>;

/** Collects rows; {@link CatalogBuilder.finish} sorts names and makes the indices over them. */
export class CatalogBuilder {
  readonly strings = new StringTableBuilder();
  readonly columns: Columns;
  readonly #repositories: CatalogRepository[] = [];
  readonly #names = new Map<string, number>();
  /** By the text of an alternative as it stands in a field: parsing is for new texts only. */
  readonly #atomTexts = new Map<string, readonly [atom: number, restriction: number]>();
  readonly #atoms = new Map<string, number>();
  readonly #order = new Map<string, number>();

  constructor() {
    const make = { u8: uint8Column, u32: uint32Column, f64: float64Column } as const;
    this.columns = Object.fromEntries(
      Object.entries(columnTypes).map(([name, type]) => [name, make[type]()]),
    ) as unknown as Columns;
    this.columns.packageRelationStarts.push(0);
    this.columns.sourceRelationStarts.push(0);
    this.columns.sourceFileStarts.push(0);
  }

  /** The number of a repository, for the rows that come from it. */
  addRepository(input: CatalogInput): number {
    invariant(this.#repositories.length < 255, 'more than 255 index files in one catalog');
    return this.#repositories.push(repositoryOf(input)) - 1;
  }

  /** The pin priority of a repository's packages. */
  priorityOf(repository: number): number {
    return this.#repositories[repository]?.priority ?? 0;
  }

  /** A provisional number: {@link finish} renumbers by byte order. */
  nameNumber(name: string): number {
    let number = this.#names.get(name);
    if (number === undefined) {
      number = this.#names.size;
      this.#names.set(name, number);
    }
    return number;
  }

  /** The number of a package's own name. */
  packageNumber(name: string): number {
    this.#mention(name);
    return this.nameNumber(name);
  }

  /** Appends a package's relationship field to `relations`. Throws RelationSyntaxError. */
  addRelations(field: string | undefined): void {
    for (const [item] of this.#items(field)) this.columns.relations.push(item);
  }

  /** Appends a source's relationship field to `sourceRelations`. Throws RelationSyntaxError. */
  addSourceRelations(field: string | undefined): void {
    for (const [item, restriction] of this.#items(field)) {
      this.columns.sourceRelations.push(item);
      this.columns.sourceRelations.push(restriction);
    }
  }

  finish(): CatalogTables {
    const { columns } = this;
    const sorted = [...this.#names.keys()].sort();
    const renumbered = new Uint32Array(sorted.length);
    for (const [number, name] of sorted.entries()) {
      renumbered[this.#names.get(name) ?? 0] = number;
      columns.nameString.push(this.strings.intern(name));
      columns.nameOrder.push(this.#order.get(name) ?? noOrder);
    }
    for (const column of [columns.packageName, columns.sourceName, columns.atomName]) {
      for (let row = 0; row < column.length; row++) column.set(row, renumbered[column.at(row)] ?? 0);
    }
    const { bytes, starts } = this.strings.finish();
    columns.stringBytes.append(bytes);
    columns.stringStarts.append(starts);
    const table = new StringTable(bytes, starts);
    const { packageName, packageVersion, sourceName, sourceVersion } = columns;
    this.#indexRows(table, packageName, packageVersion, columns.namePackageStarts, columns.namePackages);
    this.#indexRows(table, sourceName, sourceVersion, columns.nameSourceStarts, columns.nameSources);
    this.#indexProviders();
    const finished = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column.finish()]),
    );
    return { repositories: this.#repositories, columns: finished as unknown as CatalogColumns };
  }

  *#items(field: string | undefined): Generator<readonly [item: number, restriction: number]> {
    if (field === undefined) return;
    for (const alternatives of splitRelations(field)) {
      for (const [index, text] of alternatives.entries()) {
        const [atom, restriction] = this.#atom(text);
        yield [atom * 2 + (index + 1 < alternatives.length ? 1 : 0), restriction];
      }
    }
  }

  #mention(name: string): void {
    if (!this.#order.has(name)) this.#order.set(name, this.#order.size);
  }

  #atom(text: string): readonly [atom: number, restriction: number] {
    const known = this.#atomTexts.get(text);
    if (known !== undefined) return known;
    const parsed = parseRelationAtom(text);
    if (parsed.qualifier === '') this.#mention(parsed.name);
    const key = `${parsed.name}:${parsed.qualifier} ${parsed.relation} ${parsed.version}`;
    let atom = this.#atoms.get(key);
    if (atom === undefined) {
      atom = this.#atoms.size;
      this.#atoms.set(key, atom);
      this.columns.atomName.push(this.nameNumber(parsed.name));
      this.columns.atomQualifier.push(this.strings.intern(parsed.qualifier));
      this.columns.atomRelation.push(relationNames.indexOf(parsed.relation));
      this.columns.atomVersion.push(this.strings.intern(parsed.version));
    }
    const { architectures, profiles } = parsed;
    const restriction = architectures === '' ? profiles : `[${architectures}]${profiles}`;
    const entry = [atom, this.strings.intern(restriction)] as const;
    this.#atomTexts.set(text, entry);
    return entry;
  }

  #indexRows(
    table: StringTable,
    names: AnyColumn,
    versions: AnyColumn,
    starts: AnyColumn,
    rows: AnyColumn,
  ): void {
    starts.push(0);
    for (const group of this.#groups(names)) {
      if (group !== undefined && group.length > 1) {
        const version = (row: number): string => table.at(versions.at(row));
        group.sort((a, b) => compareVersions(version(b), version(a)) || a - b);
      }
      if (group !== undefined) rows.append(group);
      starts.push(rows.length);
    }
  }

  #indexProviders(): void {
    const { columns } = this;
    const providers = new Array<number[] | undefined>(this.#names.size);
    const fields = packageFields.length;
    const provides = packageFields.indexOf('provides');
    for (let row = 0; row < columns.packageName.length; row++) {
      const start = columns.packageRelationStarts.at(row * fields + provides);
      const end = columns.packageRelationStarts.at(row * fields + provides + 1);
      for (let index = start; index < end; index++) {
        const atom = columns.relations.at(index) >> 1;
        const name = columns.atomName.at(atom);
        (providers[name] ??= []).push(row, atom);
      }
    }
    columns.nameProviderStarts.push(0);
    for (let name = 0; name < providers.length; name++) {
      columns.nameProviders.append(providers[name] ?? []);
      columns.nameProviderStarts.push(columns.nameProviders.length);
    }
  }

  #groups(names: AnyColumn): (number[] | undefined)[] {
    const groups = new Array<number[] | undefined>(this.#names.size).fill(undefined);
    for (let row = 0; row < names.length; row++) (groups[names.at(row)] ??= []).push(row);
    return groups;
  }
}
