// SPDX-License-Identifier: GPL-2.0-or-later
import { CatalogBuilder } from '../catalog/catalog-builder.ts';
import { packageFields, packageFlags, relationNames } from '../catalog/catalog-tables.ts';
import { DebCatalog } from '../catalog/deb-catalog.ts';
import { addControlData } from '../catalog/index-rows.ts';
import { formatRelationAtom, type RelationAtom } from '../catalog/relation-syntax.ts';
import type { Paragraph } from '../deb822.ts';
import type { InstalledBase } from './installed-base.ts';
import { joinCatalogs, rootRelationsRoom } from './join-catalogs.ts';
import { policyCandidate } from './policy-candidate.ts';
import { relationTargets } from './relation-targets.ts';
import { rowsEqual } from './rows-equal.ts';
import { usableRows } from './usable-rows.ts';

const fieldCount = packageFields.length;
const provides = packageFields.indexOf('provides');

/** A row for people and tools. */
export interface DescribedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/**
 * Everything that can be installed over one base, as rows of numbers: the catalog's packages, those of the base that
 * the catalog hasn't, and local candidates. One more row, {@link root}, stands for the request: its dependencies are
 * what was asked for. Names, rows and atoms are numbers in the sense of catalog/catalog-tables.ts, continued.
 */
export class Universe {
  readonly catalog: DebCatalog;
  readonly architecture: string;
  readonly nameCount: number;
  readonly rowCount: number;
  /** The row and the name of the request. */
  readonly root: number;
  readonly rootName: number;
  readonly nameOfRow: Uint32Array;
  readonly relations: Uint32Array;
  readonly relationStarts: Uint32Array;
  readonly flags: Uint8Array;
  readonly priorities: Uint8Array;
  /** apt's tie-break between names. */
  readonly nameOrder: Uint32Array;
  /** Installed row of each name, or -1. */
  readonly current: Int32Array;
  /** The row that apt's policy would install for each name, or -1. */
  readonly candidate: Int32Array;
  /** Names that are installed. */
  readonly installedNames: readonly number[];

  readonly #extra: DebCatalog;
  readonly #absent: ReadonlySet<number>;
  readonly #catalogRows: number;
  readonly #catalogAtoms: number;
  /** For each row 1 where its architecture is looked at, else 0. */
  readonly #usable: Uint8Array;
  readonly #addedNames: ReadonlyMap<string, number>;
  readonly #rowsOfName = new Map<number, number[]>();
  readonly #providersOfName = new Map<number, number[]>();
  /** The first row of the local packages, whose rows are one after the other. */
  readonly #firstLocal: number;
  readonly #addedAtoms: RelationAtom[] = [];
  readonly #addedAtomNumbers = new Map<string, number>();
  readonly #targets: (Int32Array | undefined)[] = [];
  #rootText = '';

  /**
   * @param local control data of packages that are preferred to the repository's versions.
   * @param without the same catalog and base without local packages, where there is one: most choices are the same.
   * @param absent rows of the catalog that aren't there any more: nothing finds them.
   */
  constructor(
    catalog: DebCatalog,
    base: InstalledBase,
    local: readonly Paragraph[] = [],
    without?: Universe,
    absent: ReadonlySet<number> = new Set(),
  ) {
    this.catalog = catalog;
    this.#absent = absent;
    this.architecture = base.architecture;
    const builder = new CatalogBuilder();
    for (const paragraph of [...base.packages, ...local]) addControlData(builder, paragraph);
    const extra = new DebCatalog(builder.finish());
    this.#extra = extra;
    this.#catalogRows = catalog.columns.packageName.length;
    this.#catalogAtoms = catalog.columns.atomName.length;
    const joined = joinCatalogs(catalog, extra);
    this.#addedNames = joined.addedNames;
    this.rootName = joined.rootName;
    this.nameCount = this.rootName + 1;
    this.root = joined.root;
    this.rowCount = this.root + 1;
    this.#usable = new Uint8Array(this.rowCount);
    this.#usable.set(usableRows(catalog, this.architecture));
    this.#usable.set(usableRows(extra, this.architecture), this.#catalogRows);
    this.nameOfRow = joined.nameOfRow;
    this.relations = joined.relations;
    this.relationStarts = joined.relationStarts;
    this.flags = joined.flags;
    this.priorities = joined.priorities;
    this.nameOrder = joined.nameOrder;
    this.current = new Int32Array(this.nameCount).fill(-1);
    this.candidate = new Int32Array(this.nameCount).fill(-1);
    this.installedNames = this.#addBase(base.packages.length);
    this.#firstLocal = this.#catalogRows + base.packages.length;
    for (let row = this.#firstLocal; row < this.root; row++) this.#addRow(row);
    this.#chooseCandidates(without);
  }

  /** The request: items as in the catalog's `relations`, and what explanations call it. */
  setRoot(dependencies: readonly number[], conflicts: readonly number[], text = 'the source'): void {
    this.#rootText = text;
    const start = this.relations.length - rootRelationsRoom;
    this.relations.set(dependencies, start);
    this.relations.set(conflicts, start + dependencies.length);
    const fields = this.root * fieldCount;
    this.relationStarts.fill(start + dependencies.length, fields + 1, fields + fieldCount + 1);
    this.relationStarts[fields] = start;
    this.relationStarts[fields + 1] = start;
    this.relationStarts.fill(
      start + dependencies.length + conflicts.length,
      fields + 3,
      fields + fieldCount + 1,
    );
  }

  /** What the request is called. */
  get rootText(): string {
    return this.#rootText;
  }

  /** Where in `relations` the request's own items begin. */
  get rootRelations(): number {
    return this.relations.length - rootRelationsRoom;
  }

  /** Start in `relations` of a field of a row, by its place in {@link packageFields}; it ends where the next one starts. */
  fieldStart(row: number, field: number): number {
    return this.relationStarts[row * fieldCount + field] ?? 0;
  }

  /** Start in `relations` of what a row needs (Pre-Depends, Depends); it ends at {@link conflictsStart}. */
  needsStart(row: number): number {
    return this.relationStarts[row * fieldCount] ?? 0;
  }

  /** Start of what a row excludes (Conflicts, Breaks); it ends at {@link conflictsEnd}. */
  conflictsStart(row: number): number {
    return this.relationStarts[row * fieldCount + 2] ?? 0;
  }

  /** End of what a row excludes, start of what it recommends and suggests, up to {@link suggestsEnd}. */
  conflictsEnd(row: number): number {
    return this.relationStarts[row * fieldCount + 4] ?? 0;
  }

  suggestsEnd(row: number): number {
    return this.relationStarts[row * fieldCount + 6] ?? 0;
  }

  /** The number of a name, or -1. */
  findName(name: string): number {
    const number = this.catalog.findName(name);
    return number >= 0 ? number : (this.#addedNames.get(name) ?? -1);
  }

  nameText(name: number): string {
    if (name < this.catalog.columns.nameString.length) return this.catalog.nameText(name);
    for (const [text, number] of this.#addedNames) if (number === name) return text;
    return '';
  }

  versionText(row: number): string {
    const [catalog, local] = this.#place(row);
    return catalog.strings.at(catalog.columns.packageVersion[local] ?? 0);
  }

  architectureText(row: number): string {
    const [catalog, local] = this.#place(row);
    return catalog.strings.at(catalog.columns.packageArchitecture[local] ?? 0);
  }

  /** What a row is called. */
  describe(row: number): DescribedPackage {
    const name = this.nameText(this.nameOfRow[row] ?? 0);
    return { name, version: this.versionText(row), architecture: this.architectureText(row) };
  }

  /** Name of the source that a row was built from. */
  sourceName(row: number): string {
    const [catalog, local] = this.#place(row);
    return catalog.strings.at(catalog.columns.packageSource[local] ?? 0);
  }

  /** Name and version of the source that a row was built from. */
  sourceText(row: number): string {
    const [catalog, local] = this.#place(row);
    const { packageSource, packageSourceVersion } = catalog.columns;
    return `${catalog.strings.at(packageSource[local] ?? 0)} ${catalog.strings.at(packageSourceVersion[local] ?? 0)}`;
  }

  /** The place of a row in the constructor's list of local packages, or -1 where it is none of them. */
  localIndex(row: number): number {
    return this.#isLocal(row) ? row - this.#firstLocal : -1;
  }

  /** The row of a local package by its place in the constructor's list. */
  rowOfLocal(index: number): number {
    return this.#firstLocal + index;
  }

  #isLocal(row: number): boolean {
    return row >= this.#firstLocal && row < this.root;
  }

  /** Whether any package provides the name. */
  isProvided(name: number): boolean {
    return !this.providers(name).next().done;
  }

  hasFlag(row: number, flag: keyof typeof packageFlags): boolean {
    return ((this.flags[row] ?? 0) & packageFlags[flag]) !== 0;
  }

  /** All rows of a name: newest first in the catalog, then the base's and the local ones. */
  rowsOfName(name: number): readonly number[] {
    let rows = name < this.catalog.columns.nameString.length ? [...this.catalog.packagesOfName(name)] : [];
    if (this.#absent.size > 0) rows = rows.filter((row) => !this.#absent.has(row));
    const more = this.#rowsOfName.get(name);
    return more === undefined ? rows : [...rows, ...more];
  }

  /** The number of an atom that may be new, for requests that aren't in the catalog. */
  atomNumber(atom: RelationAtom): number {
    const key = `${atom.name}:${atom.qualifier} ${atom.relation} ${atom.version}`;
    let number = this.#addedAtomNumbers.get(key);
    if (number === undefined) {
      number = this.#catalogAtoms + this.#extra.columns.atomName.length + this.#addedAtoms.length;
      this.#addedAtoms.push(atom);
      this.#addedAtomNumbers.set(key, number);
    }
    return number;
  }

  /** What an atom says. */
  atom(number: number): Pick<RelationAtom, 'name' | 'qualifier' | 'relation' | 'version'> {
    const added = number - this.#catalogAtoms - this.#extra.columns.atomName.length;
    if (added >= 0) return this.#addedAtoms[added] ?? { name: '', qualifier: '', relation: '', version: '' };
    const catalog = number < this.#catalogAtoms ? this.catalog : this.#extra;
    const local = number < this.#catalogAtoms ? number : number - this.#catalogAtoms;
    const { atomName, atomQualifier, atomRelation, atomVersion } = catalog.columns;
    return {
      name: catalog.nameText(atomName[local] ?? 0),
      qualifier: catalog.strings.at(atomQualifier[local] ?? 0),
      relation: relationNames[atomRelation[local] ?? 0] ?? '',
      version: catalog.strings.at(atomVersion[local] ?? 0),
    };
  }

  atomText(number: number): string {
    return formatRelationAtom(this.atom(number));
  }

  /** The name that an atom is about, or -1 where nothing has it. */
  atomName(number: number): number {
    if (number < this.#catalogAtoms) return this.catalog.columns.atomName[number] ?? 0;
    return this.findName(this.atom(number).name);
  }

  /**
   * The name whose own package apt prefers to its providers for an atom, or -1: for `name:any` and `name:native` apt
   * looks at another package of its cache, which nothing is called, so that there all are providers.
   */
  preferredName(number: number): number {
    return this.atom(number).qualifier === '' ? this.atomName(number) : -1;
  }

  /** As {@link relationTargets} finds them; kept. */
  targets(atom: number): Int32Array {
    let rows = this.#targets[atom];
    if (rows === undefined) {
      rows = relationTargets(this, atom);
      this.#targets[atom] = rows;
    }
    return rows;
  }

  /** Packages of foreign architectures aren't looked at: a snapshot has one architecture. */
  isUsable(row: number): boolean {
    if (this.#absent.has(row)) return false;
    return this.#usable[row] === 1;
  }

  /** What provides a name: the row, and the atom by which it does. */
  *providers(name: number): Generator<readonly [row: number, atom: number]> {
    const { nameProviderStarts, nameProviders } = this.catalog.columns;
    if (name < this.catalog.columns.nameString.length) {
      const end = nameProviderStarts[name + 1] ?? 0;
      for (let index = nameProviderStarts[name] ?? 0; index < end; index += 2) {
        const row = nameProviders[index] ?? 0;
        if (!this.#absent.has(row)) yield [row, nameProviders[index + 1] ?? 0];
      }
    }
    const more = this.#providersOfName.get(name) ?? [];
    for (let index = 0; index < more.length; index += 2) yield [more[index] ?? 0, more[index + 1] ?? 0];
  }

  #place(row: number): readonly [catalog: DebCatalog, local: number] {
    return row < this.#catalogRows ? [this.catalog, row] : [this.#extra, row - this.#catalogRows];
  }

  /** The catalog's names are numbered alike in both universes; those that only the base or local packages have are not. */
  #chooseCandidates(without: Universe | undefined): void {
    const known = without === undefined ? 0 : this.catalog.columns.nameString.length;
    if (without !== undefined) this.candidate.set(without.candidate.subarray(0, known));
    for (let name = known; name < this.rootName; name++) {
      this.candidate[name] = this.#onlyRow(name) ?? policyCandidate(this, name);
    }
    for (let row = this.#firstLocal; row < this.root; row++) {
      const name = this.nameOfRow[row] ?? 0;
      this.candidate[name] = policyCandidate(this, name);
    }
  }

  /** What a name has to choose from where that is one row of the catalog, as with most names, or none; else undefined. */
  #onlyRow(name: number): number | undefined {
    const { nameString, namePackageStarts, namePackages } = this.catalog.columns;
    if (name >= nameString.length || this.#rowsOfName.has(name)) return undefined;
    const start = namePackageStarts[name] ?? 0;
    const count = (namePackageStarts[name + 1] ?? 0) - start;
    if (count > 1) return undefined;
    const row = count === 0 ? -1 : (namePackages[start] ?? -1);
    return row >= 0 && this.isUsable(row) ? row : -1;
  }

  /** Finds each installed package among the catalog's rows, or adds a row of its own. */
  #addBase(count: number): number[] {
    const names: number[] = [];
    for (let index = 0; index < count; index++) {
      const row = this.#catalogRows + index;
      const name = this.nameOfRow[row] ?? 0;
      const same = this.rowsOfName(name).find(
        (other) => other < this.#catalogRows && rowsEqual(this, other, this, row),
      );
      if (same === undefined) this.#addRow(row);
      this.current[name] = same ?? row;
      names.push(name);
    }
    return names;
  }

  #addRow(row: number): void {
    const name = this.nameOfRow[row] ?? 0;
    this.#rowsOfName.set(name, [...(this.#rowsOfName.get(name) ?? []), row]);
    const end = this.relationStarts[row * fieldCount + provides + 1] ?? 0;
    for (let index = this.relationStarts[row * fieldCount + provides] ?? 0; index < end; index++) {
      const atom = (this.relations[index] ?? 0) >> 1;
      const provided = this.atomName(atom);
      this.#providersOfName.set(provided, [...(this.#providersOfName.get(provided) ?? []), row, atom]);
    }
  }

  /** Pin priority of the repository that a row is from; undefined for rows of the base and of the user's. */
  repositoryPriority(row: number): number | undefined {
    if (row >= this.#catalogRows) return undefined;
    const repository = this.catalog.columns.packageRepository[row] ?? 0;
    return this.catalog.repositories[repository]?.priority ?? 0;
  }
}
