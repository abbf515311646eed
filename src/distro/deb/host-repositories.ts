// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { listDirectory, pathExists, readTextIfExists } from '../../host/files.ts';
import { readSourcesFile } from '../read-sources-file.ts';
import type { ChosenRepositories, Repository, WantedRepositories } from '../repository.ts';
import { type AptConfiguration, readHostAptConfiguration } from './apt-configuration.ts';
import { parseAptSources } from './apt-sources.ts';
import { chooseRepositories, type HostRepositories } from './choose-repositories.ts';

/**
 * The repositories to freeze: of the file, where one is named (the suite is then only a name for it: the one asked
 * for, or the file's first), else see chooseRepositories. Throws PasekaError bad-source-list, no-repositories,
 * bad-option, tool-missing.
 */
export async function findRepositories(
  wanted: WantedRepositories,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ChosenRepositories> {
  const { sources, keyring } = wanted;
  if (sources === undefined) {
    const absolute = keyring === undefined ? {} : { keyring: resolve(keyring) };
    return chooseRepositories({ ...wanted, ...absolute }, await readHostRepositories(environment));
  }
  const repositories = parseAptSources(
    await readSourcesFile(sources, 'give --sources the path of a .sources or sources.list file'),
    sources,
  );
  const [first] = repositories;
  if (first === undefined) {
    throw new PasekaError(
      'no-repositories',
      `${sources} names no enabled repository`,
      'sources.list(5) describes the format',
    );
  }
  return { suite: wanted.suite ?? first.suite, repositories };
}

/** Reads the host's sources.list and sources.list.d, wherever its apt configuration has them, and os-release. */
async function readHostRepositories(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HostRepositories> {
  const configuration = await readHostAptConfiguration(environment);
  const repositories: Repository[] = [];
  for (const path of await listSourceFiles(configuration)) {
    const text = await readTextIfExists(path);
    if (text !== undefined) repositories.push(...parseAptSources(text, path));
  }
  const release = (await readTextIfExists('/etc/os-release')) ?? '';
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const keyring = `/usr/share/keyrings/${field('ID')}-archive-keyring.gpg`;
  return {
    repositories,
    codename: field('VERSION_CODENAME'),
    archiveKeyring: (await pathExists(keyring)) ? keyring : undefined,
  };
}

async function listSourceFiles(configuration: AptConfiguration): Promise<string[]> {
  const main = configuration.path('Dir::Etc::sourcelist');
  const parts = configuration.path('Dir::Etc::sourceparts');
  // apt reads only such names: run-parts' letters, and one of its two suffixes
  const names =
    parts === undefined
      ? []
      : (await listDirectory(parts)).filter((name) => /^[\w.-]+\.(list|sources)$/.test(name));
  return [...(main === undefined ? [] : [main]), ...names.map((name) => join(parts ?? '', name))];
}
