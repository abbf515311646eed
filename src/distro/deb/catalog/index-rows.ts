// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../../base/paseka-error.ts';
import type { CatalogBuilder } from './catalog-builder.ts';
import type { CatalogInput } from './catalog-input.ts';
import { packageFields, packageFlags, priorityNames, sourceFields, sourceFlags } from './catalog-tables.ts';
import { IndexSyntaxError, scanIndex } from './index-scanner.ts';
import { RelationSyntaxError } from './relation-syntax.ts';

type Fields = ReadonlyMap<string, string>;

/** A paragraph that lacks what every paragraph of its index must have. */
class RowError extends Error {
  override readonly name = 'RowError';
}

const wantedOfPackages = new Set([
  ...[
    'package',
    'version',
    'architecture',
    'source',
    'section',
    'priority',
    'essential',
    'important',
    'multi-arch',
  ],
  ...['filename', 'size', 'sha256', 'installed-size', ...packageFields],
]);

const wantedOfSources = new Set([
  ...['package', 'version', 'architecture', 'section', 'maintainer', 'uploaders', 'package-list'],
  ...['directory', 'checksums-sha256', 'extra-source-only', ...sourceFields],
]);

/** Reads a whole list into `builder`. A paragraph that is rubbish throws PasekaError index-corrupt with file and line. */
export function addIndex(
  builder: CatalogBuilder,
  input: CatalogInput,
  bytes: Buffer,
  seen: SeenPackages,
): void {
  const repository = builder.addRepository(input);
  const wanted = input.kind === 'packages' ? wantedOfPackages : wantedOfSources;
  let line = 1;
  try {
    for (const paragraph of scanIndex(bytes, wanted)) {
      line = paragraph.line;
      if (input.kind === 'packages') addPackage(builder, repository, paragraph.fields, seen);
      else addSource(builder, repository, paragraph.fields);
    }
  } catch (error) {
    if (error instanceof IndexSyntaxError) throw corrupt(input.path, error.line, error.message, error);
    if (error instanceof RelationSyntaxError || error instanceof RowError) {
      throw corrupt(input.path, line, error.message, error);
    }
    throw error;
  }
}

/** Rows by name, version, architecture and digest: the same package in a second repository is no second row. */
export type SeenPackages = Map<string, { readonly row: number; priority: number }>;

function addPackage(builder: CatalogBuilder, repository: number, fields: Fields, seen: SeenPackages): void {
  const { columns, strings } = builder;
  const name = required(fields, 'package');
  const version = required(fields, 'version');
  const architecture = required(fields, 'architecture');
  const sha256 = required(fields, 'sha256');
  const row = columns.packageName.length;
  const priority = builder.priorityOf(repository);
  const key = `${name} ${version} ${architecture} ${sha256}`;
  const known = seen.get(key);
  if (known !== undefined) {
    if (priority > known.priority) columns.packageRepository.set(known.row, repository);
    known.priority = Math.max(known.priority, priority);
    return;
  }
  const filename = required(fields, 'filename');
  const bytes = sizeOf(required(fields, 'size'), name);
  const digest = digestBytes(sha256, name);
  addControlData(builder, fields);
  seen.set(key, { row, priority });
  columns.packageFilename.push(strings.append(filename));
  columns.packageBytes.push(bytes);
  columns.packageSha256.append(digest);
  columns.packageRepository.push(repository);
}

/** Adds the row of a package that no repository offers: without the columns that say where its file is. */
export function addControlData(builder: CatalogBuilder, fields: Fields): void {
  const { columns, strings } = builder;
  const name = required(fields, 'package');
  const version = required(fields, 'version');
  const number = builder.packageNumber(name);
  for (const field of packageFields) {
    builder.addRelations(fields.get(field));
    columns.packageRelationStarts.push(columns.relations.length);
  }
  const source = /^(\S+)(?:\s+\(([^)]*)\))?/.exec(fields.get('source') ?? '');
  columns.packageName.push(number);
  columns.packageVersion.push(strings.intern(version));
  columns.packageArchitecture.push(strings.intern(required(fields, 'architecture')));
  columns.packageSource.push(strings.intern(source?.[1] ?? name));
  columns.packageSourceVersion.push(strings.intern(source?.[2] ?? version));
  columns.packageSection.push(strings.intern(fields.get('section') ?? ''));
  columns.packageInstalledKiB.push(Number(fields.get('installed-size') ?? 0) || 0);
  columns.packagePriority.push(priorityNumber(fields.get('priority')));
  columns.packageFlags.push(flagsOf(fields));
}

function addSource(builder: CatalogBuilder, repository: number, fields: Fields): void {
  const { columns, strings } = builder;
  const name = required(fields, 'package');
  const version = required(fields, 'version');
  const directory = required(fields, 'directory');
  const files = (fields.get('checksums-sha256') ?? '').split('\n').filter((row) => row.trim() !== '');
  if (files.length === 0) throw new RowError(`${name} ${version} has no Checksums-Sha256`);
  for (const file of files) {
    const [digest = '', size = '', fileName] = file.trim().split(/\s+/);
    if (fileName === undefined || fileName.includes('/'))
      throw new RowError(`${name}: not a checksum line: ${file}`);
    columns.fileSha256.append(digestBytes(digest, name));
    columns.fileBytes.push(sizeOf(size, name));
    columns.fileName.push(strings.append(fileName));
  }
  columns.sourceFileStarts.push(columns.fileName.length);
  for (const field of sourceFields) {
    builder.addSourceRelations(fields.get(field));
    columns.sourceRelationStarts.push(columns.sourceRelations.length);
  }
  columns.sourceName.push(builder.nameNumber(name));
  columns.sourceVersion.push(strings.intern(version));
  columns.sourceArchitecture.push(strings.intern(fields.get('architecture') ?? ''));
  columns.sourceSection.push(strings.intern(fields.get('section') ?? ''));
  columns.sourceMaintainer.push(strings.intern(fields.get('maintainer') ?? ''));
  columns.sourceUploaders.push(strings.intern((fields.get('uploaders') ?? '').replace(/\s+/g, ' ').trim()));
  columns.sourcePackageList.push(strings.append((fields.get('package-list') ?? '').trim()));
  columns.sourceDirectory.push(strings.append(directory));
  columns.sourceFlags.push(fields.get('extra-source-only') === 'yes' ? sourceFlags.extraSourceOnly : 0);
  columns.sourceRepository.push(repository);
}

/** The bits of {@link packageFlags} that control data has set; dpkg says Protected where apt said Important. */
function flagsOf(fields: Fields): number {
  const multiArch = fields.get('multi-arch');
  return (
    (fields.get('essential') === 'yes' ? packageFlags.essential : 0) |
    (fields.get('important') === 'yes' || fields.get('protected') === 'yes' ? packageFlags.important : 0) |
    (multiArch === 'same' ? packageFlags.same : 0) |
    (multiArch === 'foreign' ? packageFlags.foreign : 0) |
    (multiArch === 'allowed' ? packageFlags.allowed : 0)
  );
}

/** Number of a priority in {@link priorityNames}; what isn't known counts as extra, as it does for apt. */
function priorityNumber(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const number = (priorityNames as readonly string[]).indexOf(text.toLowerCase());
  return number > 0 ? number : priorityNames.indexOf('extra');
}

function required(fields: Fields, field: string): string {
  const value = fields.get(field)?.trim();
  if (value === undefined || value === '') {
    throw new RowError(`${fields.get('package') ?? 'a paragraph'} has no ${field} field`);
  }
  return value;
}

function sizeOf(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RowError(`${name}: not a size: ${text}`);
  return Number(text);
}

function digestBytes(text: string, name: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new RowError(`${name}: not a SHA-256: ${text}`);
  return Buffer.from(text, 'hex');
}

function corrupt(path: string, line: number, message: string, cause: unknown): PasekaError {
  const hint = 'remove this snapshot and make it anew; if that does not help, tell who runs the repository';
  return new PasekaError('index-corrupt', `${path}, line ${line}: ${message}`, hint, cause);
}
