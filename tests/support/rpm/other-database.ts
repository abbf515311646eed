// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';
import { buildPackageOfFiles } from './package-of-files.ts';
import type { RpmDistribution } from './rpm-distribution.ts';

/** What a distribution's rpm is told about its database. */
export interface RpmDatabase {
  readonly path: string;
  readonly backend: 'sqlite' | 'ndb';
}

/**
 * Links the distribution's packages into `directory` (made here), with a newer package in the place of the one that has rpm's
 * settings, so that its rpm keeps its database at another place or in another format. Their paths.
 */
export async function packagesWithDatabase(
  { repository }: RpmDistribution,
  { path, backend }: RpmDatabase,
  directory: string,
): Promise<readonly string[]> {
  await fs.mkdir(directory, { recursive: true });
  const paths: string[] = [];
  for (const name of await fs.readdir(join(repository, 'Packages'))) {
    if (name.startsWith('meadow-release-')) continue;
    await fs.link(join(repository, 'Packages', name), join(directory, name));
    paths.push(join(directory, name));
  }
  const [release = ''] = (await fs.readdir(join(repository, 'Packages'))).filter((name) =>
    name.startsWith('meadow-release-'),
  );
  const macros = await runTool([
    ...([
      'sh',
      '-c',
      'rpm2cpio "$1" | cpio --quiet --extract --to-stdout "./etc/rpm/macros.dist"',
      'sh',
    ] as const),
    join(repository, 'Packages', release),
  ]);
  const text = `${macros.replace(/^%_dbpath .*$/m, `%_dbpath ${path}`)}%_db_backend ${backend}\n`;
  const files = { '/etc/rpm/macros.dist': text, '/etc/meadow-release': 'Meadow 2\n' };
  const head = ['Requires(pre): filesystem'];
  const named = { name: 'meadow-release', version: '2', files, head };
  paths.push(await buildPackageOfFiles(named, directory));
  return paths;
}
