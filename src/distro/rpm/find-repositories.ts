// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { readSourcesFile } from '../read-sources-file.ts';
import type { ChosenRepositories, Repository, WantedRepositories } from '../repository.ts';
import { hasAptRpmLines, parseAptRpmLines } from './metadata/apt-rpm-lines.ts';
import { parseRepoFile } from './metadata/repo-file.ts';

const sourcesHint = 'give --sources the path of a .repo file, or of a sources.list of apt-rpm';

/** Whether what the user said is about RPM repositories: an address alone, a `.repo` file, or lines of apt-rpm. */
export async function namesRpmRepositories({ sources, repo }: WantedRepositories): Promise<boolean> {
  if (repo !== undefined) return true;
  if (sources === undefined) return false;
  if (sources.endsWith('.repo')) return true;
  return sources.endsWith('.list') && hasAptRpmLines(await readSourcesFile(sources, sourcesHint));
}

/**
 * The repositories that the user named: addresses (`--repo`, in their order), or all of a file. A suite that is asked for
 * stands for `$releasever`, and is only a name otherwise; of the first repository where none is asked for. Throws
 * PasekaError bad-source-list, no-repositories, bad-option.
 */
export async function findRepositories(wanted: WantedRepositories): Promise<ChosenRepositories> {
  const repositories = [...(await ofFile(wanted)), ...(wanted.repo ?? []).map(ofAddress(wanted))];
  const [first] = repositories;
  if (first === undefined) {
    throw new PasekaError(
      'no-repositories',
      `${wanted.sources ?? 'the command line'} names no enabled repository`,
      'name one with --repo URL, or with --sources FILE.repo',
    );
  }
  return { suite: wanted.suite ?? first.suite, repositories };
}

async function ofFile({ sources, suite, keyring }: WantedRepositories): Promise<Repository[]> {
  if (sources === undefined) return [];
  const text = await readSourcesFile(sources, sourcesHint);
  const found = hasAptRpmLines(text) ? parseAptRpmLines(text, sources) : parseRepoFile(text, sources, suite);
  return keyring === undefined ? found : found.map((one) => withKeys(one, keyring));
}

function ofAddress({ keyring }: WantedRepositories): (address: string, index: number) => Repository {
  return (address, index) => {
    const uri = address.startsWith('/') ? `file://${address}` : address;
    if (!URL.canParse(uri) || !/^(https?|file):/i.test(uri)) {
      throw new PasekaError(
        'bad-option',
        `not the address of a repository: ${address}`,
        'give --repo http://mirror.example.org/rpm/, or the absolute path of a directory with a repository',
      );
    }
    const repository = { uri, suite: `repo-${index + 1}`, components: [] };
    if (keyring !== undefined) return withKeys(repository, keyring);
    // a directory of the user's is trusted as packages given by their path are
    return uri.startsWith('file:') ? { ...repository, trusted: true } : repository;
  };
}

function withKeys({ trusted: _, ...repository }: Repository, keyring: string): Repository {
  return { ...repository, signedBy: resolve(keyring) };
}
