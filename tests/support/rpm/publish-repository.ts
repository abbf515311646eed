// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';
import type { SigningKey } from '../signing-key.ts';
import { distributionEpoch } from './rpmbuild.ts';

/** Moves all packages of `packages` into a new repository at `directory`, described by createrepo_c and signed. */
export async function publishRpmRepository(
  directory: string,
  packages: string,
  key: SigningKey,
): Promise<void> {
  const place = join(directory, 'Packages');
  await fs.mkdir(directory, { recursive: true });
  await fs.rename(packages, place);
  // their times are in the index
  for (const name of await fs.readdir(place)) {
    await fs.utimes(join(place, name), distributionEpoch, distributionEpoch);
  }
  await describeRpmRepository(directory, key);
}

/** Writes and signs the index of a repository; of one that has an index, a new one. */
export async function describeRpmRepository(directory: string, key: SigningKey): Promise<void> {
  const fixed = ['--revision', '1', '--set-timestamp-to-revision', '--general-compress-type=gz'];
  await runTool(['createrepo_c', '--quiet', '--no-database', '--workers=2', ...fixed, directory]);
  const index = join(directory, 'repodata/repomd.xml');
  await key.detachSign(index, `${index}.asc`);
}

/** A `.repo` file for repositories at these addresses, all signed by one key. */
export function repoText(repositories: Readonly<Record<string, string>>, key: string): string {
  return Object.entries(repositories)
    .map(([id, uri]) =>
      [
        `[${id}]`,
        `name=${id}`,
        `baseurl=${uri}`,
        'enabled=1',
        'gpgcheck=0',
        'repo_gpgcheck=1',
        `gpgkey=file://${key}`,
        '',
      ].join('\n'),
    )
    .join('\n');
}
