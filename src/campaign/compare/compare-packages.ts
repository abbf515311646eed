// SPDX-License-Identifier: GPL-2.0-or-later
import type { DescribedFile, PackageDescription } from '../../distro/package-description.ts';

/** One thing that two builds of a package differ in. */
export type PackageDifference =
  | { readonly kind: 'version'; readonly before: string; readonly after: string }
  | { readonly kind: 'file-gone' | 'file-added'; readonly path: string }
  /** Another sort of file, mode, owner or target. */
  | { readonly kind: 'file-changed'; readonly path: string; readonly before: string; readonly after: string }
  | {
      readonly kind: 'relations';
      readonly field: string;
      readonly gone: readonly string[];
      readonly added: readonly string[];
    }
  | { readonly kind: 'script-gone' | 'script-added' | 'script-changed'; readonly name: string }
  | {
      readonly kind: 'size';
      readonly what: 'package' | 'installed';
      readonly beforeBytes: number;
      readonly afterBytes: number;
    };

/** How two builds of a source differ, by the name of the package. */
export type BuildDifference =
  | { readonly kind: 'package-gone' | 'package-added'; readonly package: string }
  | {
      readonly kind: 'package-differs';
      readonly package: string;
      readonly differences: readonly PackageDifference[];
    };

/** From which change of size on it is told: this share of the smaller one, and so many bytes. */
export interface SizeThreshold {
  readonly share: number;
  readonly bytes: number;
}

export const defaultSizeThreshold: SizeThreshold = { share: 0.1, bytes: 4096 };

/** How what one build gave differs from what another did; packages by name, and then in the order of importance. */
export function compareBuilds(
  before: readonly PackageDescription[],
  after: readonly PackageDescription[],
  threshold: SizeThreshold = defaultSizeThreshold,
): BuildDifference[] {
  const old = new Map(before.map((one) => [one.name, one]));
  const fresh = new Map(after.map((one) => [one.name, one]));
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((name): BuildDifference[] => {
    const [one, other] = [old.get(name), fresh.get(name)];
    if (one === undefined) return [{ kind: 'package-added', package: name }];
    if (other === undefined) return [{ kind: 'package-gone', package: name }];
    const differences = comparePackages(one, other, threshold);
    return differences.length === 0 ? [] : [{ kind: 'package-differs', package: name, differences }];
  });
}

/**
 * What differs between two builds of one package. Relations that name the packages' own versions are the same where the
 * versions alone differ.
 */
export function comparePackages(
  before: PackageDescription,
  after: PackageDescription,
  threshold: SizeThreshold = defaultSizeThreshold,
): PackageDifference[] {
  const version: PackageDifference[] =
    before.version === after.version
      ? []
      : [{ kind: 'version', before: before.version, after: after.version }];
  return [
    ...version,
    ...compareFiles(before.files, after.files),
    ...compareRelations(before, after),
    ...compareScripts(before.scripts, after.scripts),
    ...compareSize('package', before.bytes, after.bytes, threshold),
    ...compareSize('installed', before.installedBytes, after.installedBytes, threshold),
  ];
}

function compareFiles(
  before: ReadonlyMap<string, DescribedFile>,
  after: ReadonlyMap<string, DescribedFile>,
): PackageDifference[] {
  const gone = missingIn(before, after).map((path) => ({ kind: 'file-gone', path }) as const);
  const added = missingIn(after, before).map((path) => ({ kind: 'file-added', path }) as const);
  const changed = [...before].flatMap(([path, file]): PackageDifference[] => {
    const other = after.get(path);
    if (other === undefined || fileText(file) === fileText(other)) return [];
    return [{ kind: 'file-changed', path, before: fileText(file), after: fileText(other) }];
  });
  return [...gone, ...added, ...changed];
}

function fileText({ kind, mode, owner, target }: DescribedFile): string {
  // a symbolic link's mode means nothing
  const parts = kind === 'symlink' ? [kind] : [kind, mode, owner];
  return [...parts, ...(target === undefined ? [] : [`→ ${target}`])].join(' ');
}

function compareRelations(before: PackageDescription, after: PackageDescription): PackageDifference[] {
  const fields = new Set([...before.relations.keys(), ...after.relations.keys()]);
  return [...fields].flatMap((field): PackageDifference[] => {
    const old = keyed(before, field);
    const fresh = keyed(after, field);
    const gone = missingIn(old, fresh).map((key) => old.get(key) ?? key);
    const added = missingIn(fresh, old).map((key) => fresh.get(key) ?? key);
    return gone.length + added.length === 0 ? [] : [{ kind: 'relations', field, gone, added }];
  });
}

/** A field's relations, by what is compared of them. */
function keyed({ version, relations }: PackageDescription, field: string): Map<string, string> {
  const own = `= ${version})`;
  return new Map((relations.get(field) ?? []).map((one) => [one.replaceAll(own, '= its own)'), one]));
}

function compareScripts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageDifference[] {
  const changed = [...before].filter(([name, digest]) => after.has(name) && after.get(name) !== digest);
  return [
    ...missingIn(before, after).map((name) => ({ kind: 'script-gone', name }) as const),
    ...missingIn(after, before).map((name) => ({ kind: 'script-added', name }) as const),
    ...changed.map(([name]) => ({ kind: 'script-changed', name }) as const),
  ];
}

function compareSize(
  what: 'package' | 'installed',
  beforeBytes: number,
  afterBytes: number,
  threshold: SizeThreshold,
): PackageDifference[] {
  const change = Math.abs(afterBytes - beforeBytes);
  const least = Math.max(threshold.bytes, threshold.share * Math.min(beforeBytes, afterBytes));
  return change < least || change === 0 ? [] : [{ kind: 'size', what, beforeBytes, afterBytes }];
}

function missingIn(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] {
  return [...one.keys()].filter((key) => !other.has(key));
}
