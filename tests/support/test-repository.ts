// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { debian } from '../../src/distro/deb/debian.ts';
import { runTool } from './run-tool.ts';
import { SmallRepository } from './small-repository.ts';
import type { ArchiveFile } from './test-archive.ts';
import { testBinaries, testSources } from './test-packages.ts';

/**
 * Makes the distribution's repository below `place`: `repository/`, `small.gpg` and `small.sources`, signed by a key that
 * nobody has afterwards.
 */
export async function publishTestRepository(
  place: string,
  basePackages: readonly ArchiveFile[],
): Promise<void> {
  await using small = await SmallRepository.make({ architecture: await debian.hostArchitecture() });
  const pool = join(small.directory, 'pool/main');
  await fs.mkdir(pool, { recursive: true });
  for (const { path, fileName } of basePackages) await fs.copyFile(path, join(pool, fileName));
  for (const binary of testBinaries) await small.addBinary(binary);
  for (const source of testSources) await small.addSource(source);
  await small.publish();
  await fs.rm(join(pool, 'vanished_1.0.tar.xz'));
  const spoilt = join(pool, 'spoilt_1.0.tar.xz');
  await fs.writeFile(spoilt, Buffer.alloc((await fs.stat(spoilt)).size, 'x'));

  await fs.rm(place, { recursive: true, force: true });
  await fs.mkdir(place, { recursive: true });
  const keyring = join(place, 'small.gpg');
  await fs.copyFile(small.key.keyring, keyring);
  const directory = join(place, 'repository');
  await runTool(['mv', small.directory, directory]);
  await fs.writeFile(join(place, 'small.sources'), sourcesText(`file:${directory}`, keyring));
}

/** A `.sources` file for the repository at an address. */
export function sourcesText(uri: string, keyring: string): string {
  return `Types: deb deb-src\nURIs: ${uri}\nSuites: small\nComponents: main\nSigned-By: ${keyring}\n`;
}
