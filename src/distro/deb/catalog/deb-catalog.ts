// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../../../base/digest.ts';
import type { Catalog, ReverseBuildDependencyRequest, SourceFacts } from '../../catalog.ts';
import type { PackageFile, RemoteFile, SourceInput } from '../../source-input.ts';
import type { CatalogRepository } from './catalog-input.ts';
import { type CatalogColumns, type CatalogTables, sourceFields, sourceFlags } from './catalog-tables.ts';
import { isBuiltFor } from './restrictions.ts';
import { reverseBuildDependencies } from './reverse-build-dependencies.ts';
import { StringTable } from './string-table.ts';

/**
 * A catalog over {@link CatalogTables}. Rows are numbers (a package, a source, a name, an atom); the columns are open
 * to the resolver, which must not make an object per row. Nothing changes after construction.
 */
export class DebCatalog implements Catalog {
  readonly columns: CatalogColumns;
  readonly strings: StringTable;
  readonly repositories: readonly CatalogRepository[];

  constructor(tables: CatalogTables) {
    this.columns = tables.columns;
    this.repositories = tables.repositories;
    this.strings = new StringTable(tables.columns.stringBytes, tables.columns.stringStarts);
  }

  /** The number of a package or source name, or -1. */
  findName(name: string): number {
    const wanted = Buffer.from(name);
    const { nameString } = this.columns;
    let low = 0;
    let high = nameString.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = this.strings.compare(nameString[middle] ?? 0, wanted);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  nameText(name: number): string {
    return this.strings.at(this.columns.nameString[name] ?? 0);
  }

  /** Rows of all versions of a name, newest first. */
  packagesOfName(name: number): Uint32Array {
    const { namePackageStarts, namePackages } = this.columns;
    return namePackages.subarray(namePackageStarts[name] ?? 0, namePackageStarts[name + 1] ?? 0);
  }

  /** Rows of all sources of a name, newest first. */
  sourcesOfName(name: number): Uint32Array {
    const { nameSourceStarts, nameSources } = this.columns;
    return nameSources.subarray(nameSourceStarts[name] ?? 0, nameSourceStarts[name + 1] ?? 0);
  }

  /** The row of the newest source of that name, as apt would take it, or of the version asked for; or -1. */
  findSourceRow(name: string, version?: string): number {
    const number = this.findName(name);
    if (number < 0) return -1;
    const rows = this.sourcesOfName(number);
    if (version === undefined) return rows[0] ?? -1;
    return rows.find((row) => this.strings.at(this.columns.sourceVersion[row] ?? 0) === version) ?? -1;
  }

  /** Whether the source is kept only because something was built using it (no binaries of its own in the suite). */
  isExtraSourceOnly(row: number): boolean {
    return ((this.columns.sourceFlags[row] ?? 0) & sourceFlags.extraSourceOnly) !== 0;
  }

  /** Restrictions in a source's relationship fields, `[architectures]<profiles>...`, each once. */
  restrictionsOfSource(row: number): Set<string> {
    const { sourceRelationStarts, sourceRelations } = this.columns;
    const numbers = new Set<number>();
    const end = sourceRelationStarts[(row + 1) * sourceFields.length] ?? 0;
    for (let at = sourceRelationStarts[row * sourceFields.length] ?? 0; at < end; at += 2) {
      numbers.add(sourceRelations[at + 1] ?? 0);
    }
    return new Set([...numbers].map((number) => this.strings.at(number)));
  }

  countBuildRelations(name: string, version: string): number {
    const row = this.findSourceRow(name, version);
    if (row < 0) return 0;
    const starts = this.columns.sourceRelationStarts;
    const [first = 0, end = 0] = [starts[row * sourceFields.length], starts[(row + 1) * sourceFields.length]];
    return (end - first) / 2;
  }

  findSource(name: string, version?: string): SourceInput | undefined {
    const row = this.findSourceRow(name, version);
    if (row < 0) return undefined;
    const { columns, strings } = this;
    return {
      kind: 'repository',
      name,
      version: strings.at(columns.sourceVersion[row] ?? 0),
      files: this.#sourceFiles(row),
    };
  }

  findPackage(name: string, version: string, architecture: string): PackageFile | undefined {
    const number = this.findName(name);
    if (number < 0) return undefined;
    const { columns, strings } = this;
    for (const row of this.packagesOfName(number)) {
      if (strings.at(columns.packageVersion[row] ?? 0) !== version) continue;
      if (strings.at(columns.packageArchitecture[row] ?? 0) === architecture) return this.packageFile(row);
    }
    return undefined;
  }

  /** The file of a package row. */
  packageFile(row: number): PackageFile {
    const { columns, strings } = this;
    const filename = strings.at(columns.packageFilename[row] ?? 0);
    return {
      name: this.nameText(columns.packageName[row] ?? 0),
      version: strings.at(columns.packageVersion[row] ?? 0),
      architecture: strings.at(columns.packageArchitecture[row] ?? 0),
      fileName: filename.slice(filename.lastIndexOf('/') + 1),
      url: joinUrl(this.repositories[columns.packageRepository[row] ?? 0]?.uri ?? '', filename),
      bytes: columns.packageBytes[row] ?? 0,
      sha256: digestAt(columns.packageSha256, row),
    };
  }

  *sourceNames(): Iterable<string> {
    const { nameSourceStarts } = this.columns;
    yield* this.#namesWithRows(nameSourceStarts);
  }

  *packageNames(): Iterable<string> {
    yield* this.#namesWithRows(this.columns.namePackageStarts);
  }

  /** Of each source name the newest row that is not {@link isExtraSourceOnly}, in the order of names. */
  *suiteSourceRows(): Iterable<number> {
    for (let name = 0; name < this.columns.nameString.length; name++) {
      const row = this.sourcesOfName(name).find((one) => !this.isExtraSourceOnly(one));
      if (row !== undefined) yield row;
    }
  }

  *sources(architecture: string): Iterable<SourceFacts> {
    const { columns, strings } = this;
    for (const row of this.suiteSourceRows()) {
      const uploaders = splitAddresses(strings.at(columns.sourceUploaders[row] ?? 0));
      yield {
        name: this.nameText(columns.sourceName[row] ?? 0),
        version: strings.at(columns.sourceVersion[row] ?? 0),
        section: this.#sourceSection(row),
        maintainers: [strings.at(columns.sourceMaintainer[row] ?? 0), ...uploaders],
        isBuiltHere: isBuiltFor(strings.at(columns.sourceArchitecture[row] ?? 0), architecture),
      };
    }
  }

  sourcesThatNeed(name: string, request: ReverseBuildDependencyRequest): string[] | undefined {
    return reverseBuildDependencies(this, name, request);
  }

  /** Indices that were made without an override file have sections of the binary packages only: then the first one's. */
  #sourceSection(row: number): string {
    const { sourceSection, sourcePackageList } = this.columns;
    const own = this.strings.at(sourceSection[row] ?? 0);
    if (own !== '') return own;
    const [, , section = ''] = this.strings.at(sourcePackageList[row] ?? 0).split(/\s+/, 3);
    return section;
  }

  *#namesWithRows(starts: Uint32Array): Iterable<string> {
    for (let name = 0; name + 1 < starts.length; name++) {
      if (starts[name] !== starts[name + 1]) yield this.nameText(name);
    }
  }

  /** The describing file first, the others as the index has them. */
  #sourceFiles(row: number): RemoteFile[] {
    const { columns, strings } = this;
    const base = joinUrl(
      this.repositories[columns.sourceRepository[row] ?? 0]?.uri ?? '',
      strings.at(columns.sourceDirectory[row] ?? 0),
    );
    const files: RemoteFile[] = [];
    const end = columns.sourceFileStarts[row + 1] ?? 0;
    for (let file = columns.sourceFileStarts[row] ?? 0; file < end; file++) {
      const fileName = strings.at(columns.fileName[file] ?? 0);
      const remote = {
        fileName,
        url: joinUrl(base, fileName),
        bytes: columns.fileBytes[file] ?? 0,
        sha256: digestAt(columns.fileSha256, file),
      };
      if (fileName.endsWith('.dsc')) files.unshift(remote);
      else files.push(remote);
    }
    return files;
  }
}

/** The addresses of an Uploaders field; a comma inside of a name is quoted by nobody, so that `>` ends each. */
function splitAddresses(field: string): string[] {
  return field.split(/(?<=>)\s*,\s*/).filter((one) => one !== '');
}

function digestAt(column: Uint8Array, row: number): Sha256 {
  return Buffer.from(column.buffer, column.byteOffset + row * 32, 32).toString('hex') as Sha256;
}

function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\.?\/+/, '')}`;
}
