// SPDX-License-Identifier: GPL-2.0-or-later
import type { RpmVersion } from './map-relations.ts';

/** A package whose files are ready in a tree. */
export interface TreePackage {
  readonly name: string;
  readonly version: RpmVersion;
  readonly isArchitectureIndependent: boolean;
  readonly summary: string;
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  readonly files: readonly SpecFile[];
  /** Whether it is to be unpacked after the package `filesystem`. */
  readonly followsFilesystem: boolean;
  /** Scripts, as they stand in a spec file. */
  readonly scripts: string;
}

export interface SpecFile {
  /** Absolute inside. */
  readonly path: string;
  readonly kind: 'directory' | 'configuration' | 'other';
}

/** The spec file that packs `tree`, which is moved away when it is built. */
export function specText(one: TreePackage, tree: string): string {
  const { epoch, version, release } = one.version;
  const lines = [
    '%define debug_package %{nil}',
    '%define __os_install_post %{nil}',
    '%define _build_id_links none',
    '%define _missing_build_ids_terminate_build 0',
    '%define _binaries_in_noarch_packages_terminate_build 0',
    `Name: ${one.name}`,
    ...(epoch === undefined ? [] : [`Epoch: ${epoch}`]),
    `Version: ${version}`,
    `Release: ${release}`,
    `Summary: ${literal(one.summary)}`,
    'License: Various',
    'Group: Meadow',
    'Vendor: Meadow',
    ...(one.isArchitectureIndependent ? ['BuildArch: noarch'] : []),
    'AutoReq: no',
    ...(one.followsFilesystem ? ['Requires(pre): filesystem'] : []),
    ...one.requires.map((dependency) => `Requires: ${dependency}`),
    ...one.provides.map((dependency) => `Provides: ${dependency}`),
    '',
    '%description',
    literal(one.summary),
    '',
    '%install',
    `rmdir "%{buildroot}" && mv "${tree}" "%{buildroot}"`,
    '',
    one.scripts,
    '%files',
    '%defattr(-,root,root,-)',
    ...one.files.map(fileLine),
    '',
  ];
  return lines.join('\n');
}

const marks: Readonly<Record<SpecFile['kind'], string>> = {
  directory: '%dir ',
  configuration: '%config(noreplace) ',
  other: '',
};

function fileLine({ path, kind }: SpecFile): string {
  // A class of one character takes the meaning from a bracket in every rpm, but only outside of quotes: since rpm 4.19 all
  // stands for itself inside of them, where before a bracket kept its meaning and a backslash did not help.
  const named = literal(path);
  const pattern = named.replaceAll(/[[*?]/g, '[$&]');
  return `${marks[kind]}${pattern === named ? `"${named}"` : pattern}`;
}

function literal(text: string): string {
  return text.replaceAll('%', '%%');
}
