// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, globSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfParts } from '../../../src/base/digest.ts';
import { waitForLock } from '../../../src/host/file-lock-wait.ts';
import { makeSigningKey } from '../signing-key.ts';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { openTestArchive } from '../test-archive.ts';
import { testCache } from '../test-cache.ts';
import { buildBinaryPackages } from './binary-packages.ts';
import { openDebianFiles } from './debian-files.ts';
import { debianPackages } from './package-lists.ts';
import { publishRpmRepository, repoText } from './publish-repository.ts';
import { makeRpmBuilder } from './rpmbuild.ts';
import { buildSourcePackages } from './source-packages.ts';

/** A small, real RPM distribution, "Meadow", made from Debian's packages of this host's suite. */
export interface RpmDistribution {
  /** For `--sources`: both repositories. */
  readonly repoFile: string;
  /** Binary packages below `Packages/`, with a signed index in `repodata/`. */
  readonly repository: string;
  /** Source packages, in the same way. */
  readonly sources: string;
  /** The public key, binary. */
  readonly keyring: string;
  /** The same, armoured. */
  readonly publicKey: string;
}

/**
 * The distribution, made where this machine has none of the same archive and the same files of this folder: half a
 * minute. Whoever wants to change it copies it.
 */
export async function rpmDistribution(): Promise<RpmDistribution> {
  await fs.mkdir(testCache, { recursive: true });
  await using _lock = await waitForLock(join(testCache, 'lock'), 'exclusive');
  const archive = await openTestArchive(testCache);
  const digest = digestOfParts({ archive: archive.snapshot, ...(await inputs()) }).slice(0, 16);
  const place = join(testCache, `rpm-distribution-${digest}`);
  const distribution: RpmDistribution = {
    repoFile: join(place, 'meadow.repo'),
    repository: join(place, 'repository'),
    sources: join(place, 'sources'),
    keyring: join(place, 'meadow.gpg'),
    publicKey: join(place, 'meadow.asc'),
  };
  const done = join(place, 'done');
  if (existsSync(done)) {
    await fs.utimes(done, new Date(), new Date());
    return distribution;
  }
  await removeUnused();
  const scratch = join(testCache, `rpm-distribution-${digest}-making`);
  for (const path of [place, scratch]) await fs.rm(path, { recursive: true, force: true });
  await fs.mkdir(scratch);
  try {
    const builder = await makeRpmBuilder(scratch);
    await using debian = await openDebianFiles(archive);
    const packages = await debian.closure(debianPackages);
    await buildBinaryPackages(packages, builder, scratch);
    const missing = await buildSourcePackages(debian, builder, scratch);
    await using home = await makeTemporaryDirectory('rpm-key-');
    await using key = await makeSigningKey(join(home.path, 'k'));
    await publishRpmRepository(distribution.repository, builder.packages, key);
    await publishRpmRepository(distribution.sources, builder.sources, key);
    await fs.copyFile(key.keyring, distribution.keyring);
    await fs.writeFile(distribution.publicKey, key.publicKey);
    const uris = {
      meadow: `file://${distribution.repository}`,
      'meadow-source': `file://${distribution.sources}`,
    };
    await fs.writeFile(distribution.repoFile, repoText(uris, distribution.publicKey));
    await fs.writeFile(done, missing.map((name) => `the mirror has no release of ${name}\n`).join(''));
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
  return distribution;
}

/** Removes distributions that no test has used for a day, and half-made ones; those of other checkouts stay. */
async function removeUnused(): Promise<void> {
  for (const place of globSync(join(testCache, 'rpm-distribution-*'))) {
    const usedAt = statSync(join(place, 'done'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - usedAt > 86_400_000) await fs.rm(place, { recursive: true });
  }
}

/** Everything in the checkout that decides what the distribution contains. */
async function inputs(): Promise<Record<string, string>> {
  const patterns = [
    '{alternatives,binary-packages,debian-files,debian-tree,map-relations,normalise-tree,own-trees,package-lists}.ts',
    '{publish-repository,rpm-distribution,rpmbuild,source-packages,spec-text}.ts',
    'specs/*.spec',
  ];
  const names = globSync(patterns, { cwd: import.meta.dirname }).toSorted();
  const texts = await Promise.all(names.map((name) => fs.readFile(join(import.meta.dirname, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
