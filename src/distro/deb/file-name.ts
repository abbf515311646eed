// SPDX-License-Identifier: GPL-2.0-or-later
/** What the name of a binary package file says: `hello_2.10-3_amd64.deb`; an epoch is there only as `%3a` in apt's own names. */
export interface PackageFileName {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Splits the name of a .deb; undefined where it isn't `name_version_architecture.deb`. */
export function parsePackageFileName(fileName: string): PackageFileName | undefined {
  const match = /^([a-z0-9][a-z0-9+.-]*)_([^_]+)_([a-z0-9-]+)\.u?deb$/.exec(fileName);
  if (match === null) return undefined;
  const [, name = '', version = '', architecture = ''] = match;
  return { name, version: version.replaceAll('%3a', ':'), architecture };
}

/** The name that apt gives a package file in its archive directory. */
export function archiveFileName(parts: PackageFileName): string {
  return `${parts.name}_${parts.version.replaceAll(':', '%3a')}_${parts.architecture}.deb`;
}

/** A version without its epoch, as it stands in file names. */
export function withoutEpoch(version: string): string {
  return version.slice(version.indexOf(':') + 1);
}
