// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { digestOfParts } from '../../src/base/digest.ts';
import { waitForLock } from '../../src/host/file-lock-wait.ts';
import { pasekaJson } from './paseka.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';
import { fetchBasePackages, openTestArchive, type TestArchive } from './test-archive.ts';
import { testCache } from './test-cache.ts';
import { furtherPackages } from './test-packages.ts';
import { publishTestRepository } from './test-repository.ts';

/** A distribution of the tests' own: a real base, and tiny sources and packages over it (test-repository.ts). */
export interface TestDistribution {
  /** The file for `--sources`. */
  readonly sourcesFile: string;
  /** Of the signed repository. */
  readonly directory: string;
  readonly keyring: string;
  /** A state directory with its snapshot and both bases; never to be worked in: {@link makeState} copies it. */
  readonly preparedState: string;
  /** Of the host's own suite. */
  readonly archive: TestArchive;
}

/**
 * The distribution, made where this machine has none for the same archive and the same files of the checkout that decide
 * what is in it. Takes a minute then, and milliseconds ever after.
 */
export async function testDistribution(): Promise<TestDistribution> {
  await fs.mkdir(testCache, { recursive: true });
  await using _lock = await waitForLock(join(testCache, 'lock'), 'exclusive');
  const archive = await openTestArchive(testCache);
  const digest = digestOfParts({ archive: archive.snapshot, ...(await inputs()) }).slice(0, 16);
  const place = join(testCache, `distribution-${digest}`);
  const distribution: TestDistribution = {
    sourcesFile: join(place, 'small.sources'),
    directory: join(place, 'repository'),
    keyring: join(place, 'small.gpg'),
    preparedState: join(place, 'state'),
    archive,
  };
  const done = join(place, 'done');
  if (existsSync(done)) {
    await fs.utimes(done, new Date(), new Date());
    return distribution;
  }
  await removeUnused();
  await publishTestRepository(place, await fetchBasePackages(archive, furtherPackages));
  const options = { state: distribution.preparedState };
  for (const variant of ['build', 'minimal']) {
    const run = ['run', '--sources', distribution.sourcesFile, '--base', variant, '--', 'true'];
    await pasekaJson(run, 0, options);
  }
  await fs.writeFile(done, '');
  return distribution;
}

/** A fresh state directory with the distribution's snapshot and bases, ready to rebuild; gone when disposed. */
export async function makeState(
  distribution: TestDistribution,
): Promise<AsyncDisposable & { readonly path: string }> {
  const temporary = await makeTemporaryDirectory('state-');
  const path = join(temporary.path, 'state');
  await copyState(distribution, path);
  return { path, [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
}

/** Makes the state directory at `path`, which is not there yet. */
export async function copyState(distribution: TestDistribution, path: string): Promise<void> {
  // files of a state directory are never written to in place, so that links are as good as copies
  const linked = spawnSync('cp', ['--archive', '--link', distribution.preparedState, path]);
  if (linked.status !== 0) {
    await fs.rm(path, { recursive: true, force: true });
    spawnSync('cp', ['--archive', '--reflink=auto', distribution.preparedState, path]);
  }
  // a lock belongs to the file and not to its name: links would be locked together
  for (const name of await fs.readdir(join(path, 'locks'))) await fs.rm(join(path, 'locks', name));
}

/** Removes distributions that no test has used for a day, and half-made ones; those of other checkouts stay. */
async function removeUnused(): Promise<void> {
  for (const place of globSync(join(testCache, 'distribution-*'))) {
    const usedAt = statSync(join(place, 'done'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - usedAt > 86_400_000) await fs.rm(place, { recursive: true });
  }
}

/** Everything in the checkout that decides what the repository and a base contain. */
async function inputs(): Promise<Record<string, string>> {
  const root = resolve(import.meta.dirname, '../..');
  const patterns = [
    'tests/support/{test-archive,test-repository,test-packages,comb-packages,odd-packages,small-packages,small-repository}.ts',
    'src/layers/base-store.ts',
    'src/snapshot/*.ts',
    'src/distro/deb/{make-base,base-packages,prepare-resolver,apt-in-root}.ts',
    'src/distro/deb/{freeze,frozen}*.ts',
    'src/host/state-directory.ts',
  ];
  const names = globSync(patterns, { cwd: root }).filter((name) => !name.endsWith('.test.ts'));
  const texts = await Promise.all(names.sort().map((name) => fs.readFile(join(root, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
