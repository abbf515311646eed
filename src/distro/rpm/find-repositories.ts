// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PasekaError } from '../../base/paseka-error.ts';
import { readSourcesFile } from '../read-sources-file.ts';
import type { ChosenRepositories, Repository, WantedRepositories } from '../repository.ts';
import { hasAptRpmLines, parseAptRpmLines } from './metadata/apt-rpm-lines.ts';
import { parseRepoFile } from './metadata/repo-file.ts';

const sourcesHint = 'give the path of a .repo file, or of a sources.list of apt-rpm';

/** Whether what the user said is about RPM repositories: an address alone, a `.repo` file, or lines of apt-rpm. */
export async function namesRpmRepositories({ sources, repo }: WantedRepositories): Promise<boolean> {
  if (repo !== undefined) return true;
  if (sources === undefined) return false;
  if (sources.endsWith('.repo')) return true;
  return sources.endsWith('.list') && hasAptRpmLines(await readSourcesFile(sources, sourcesHint));
}

/**
 * The repositories that the user named, in their order: those of the file of `--sources`, then addresses, directories and files
 * of `--repo`. A suite that is asked for stands for `$releasever`, and is only a name otherwise; of the first repository where
 * none is asked for. Throws PasekaError bad-source-list, no-repositories, bad-option.
 */
export async function findRepositories(wanted: WantedRepositories): Promise<ChosenRepositories> {
  const { sources, repo = [], mirror, components, keyring } = wanted;
  if (mirror !== undefined || components !== undefined) {
    throw new PasekaError(
      'bad-option',
      `--${mirror === undefined ? 'components' : 'mirror'} says nothing of an RPM repository`,
      'name its whole address by --repo',
    );
  }
  const words = sources === undefined ? repo : [sources, ...repo];
  const found: Repository[] = [];
  for (const word of words) {
    if (word === sources || /\.(repo|list)$/.test(word)) found.push(...(await ofFile(word, wanted)));
    else found.push(ofAddress(word, keyring !== undefined, found.length + 1));
  }
  const repositories = keyring === undefined ? found : found.map((one) => withKeys(one, keyring));
  const [first] = repositories;
  if (first === undefined) {
    throw new PasekaError(
      'no-repositories',
      `${words.length === 0 ? 'the command line' : words.join(' ')} names no enabled repository`,
      'name one with --repo URL, or with --repo FILE.repo',
    );
  }
  return { suite: wanted.suite ?? first.suite, repositories };
}

async function ofFile(path: string, { suite }: WantedRepositories): Promise<Repository[]> {
  const text = await readSourcesFile(path, sourcesHint);
  return hasAptRpmLines(text) ? parseAptRpmLines(text, path) : parseRepoFile(text, path, suite);
}

function ofAddress(word: string, hasKeys: boolean, number: number): Repository {
  const uri = /^\.{0,2}\//.test(word) ? pathToFileURL(resolve(word)).href : word;
  if (!URL.canParse(uri) || !/^(https?|file):/i.test(uri)) {
    throw new PasekaError(
      'bad-option',
      `not the address of a repository: ${word}`,
      'give --repo http://mirror.example.org/rpm/, a directory (./NAME) with a repository, or a .repo file',
    );
  }
  const repository = { uri, suite: `repo-${number}`, components: [] };
  // a directory of the user's is trusted as packages given by their path are
  return uri.startsWith('file:') && !hasKeys ? { ...repository, trusted: true } : repository;
}

function withKeys({ trusted: _, ...repository }: Repository, keyring: string): Repository {
  return { ...repository, signedBy: resolve(keyring) };
}
