// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildRpms } from './build-rpm.ts';

/** A package with files of given contents, which provides and requires nothing but what is said. */
export interface PackageOfFiles {
  readonly name: string;
  readonly version?: string;
  /** Default: noarch. */
  readonly architecture?: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  /** Further lines of the spec file's head. */
  readonly head?: readonly string[];
}

/** Builds it by rpmbuild into a directory; its path there. */
export async function buildPackageOfFiles(wanted: PackageOfFiles, directory: string): Promise<string> {
  const {
    name,
    version = '1',
    architecture = 'noarch',
    files,
    provides = [],
    requires = [],
    head = [],
  } = wanted;
  const work = join(directory, '.built');
  const tree = join(work, 'tree');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(tree, dirname(path)), { recursive: true });
    await writeFile(join(tree, path), content, { mode: 0o755 });
  }
  const spec = [
    ...[
      `Name: ${name}`,
      `Version: ${version}`,
      'Release: 1',
      `Summary: ${name}`,
      'License: GPL-2.0-or-later',
    ],
    ...(architecture === 'noarch' ? ['BuildArch: noarch'] : []),
    ...['AutoReqProv: no', ...provides.map((one) => `Provides: ${one}`)],
    ...[...requires.map((one) => `Requires: ${one}`), ...head],
    ...['%description', name, '%install', `mkdir -p %{buildroot}`, `cp -a ${tree}/. %{buildroot}/`],
    ...['%files', ...Object.keys(files)],
  ];
  const defines = ['__os_install_post %{nil}', '_binaries_in_noarch_packages_terminate_build 0'];
  const { binaries } = await buildRpms(work, spec.map((line) => `${line}\n`).join(''), defines);
  const [built = ''] = binaries;
  const path = join(directory, basename(built));
  await rename(built, path);
  await rm(work, { recursive: true });
  return path;
}
