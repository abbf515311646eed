// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, extname, join, relative } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { copyFile, isErrno, listDirectory, makeDirectory, writeText } from '../../host/files.ts';
import type { Repository } from '../repository.ts';
import type { AptConfiguration } from './apt-configuration.ts';
import { frozenLayout } from './frozen-directory.ts';

/** Copies of all keys that a freeze needs, in the frozen directory. */
export interface FrozenKeyrings {
  /** For `Dir::Etc::trusted` and `trustedparts`; what they name need not exist. */
  readonly trusted: { readonly file: string; readonly directory: string };
  /** What to write as `Signed-By` for a repository: absolute paths of the copies, and fingerprints. */
  signedByFor(repository: Repository): string | undefined;
  /** The copies for a repository, relative to the frozen directory; empty where the host's trusted keys hold. */
  pathsFor(repository: Repository): readonly string[];
}

/**
 * Copies every keyring that a repository names (embedded blocks are written out), and the host's trusted keys where a
 * repository names none, so that they stay as they were. Throws PasekaError bad-source-list for a keyring that can't be
 * read.
 */
export async function freezeKeyrings(
  repositories: readonly Repository[],
  directory: string,
  host: AptConfiguration,
): Promise<FrozenKeyrings> {
  const keyringsDirectory = join(directory, frozenLayout.keyrings);
  const hostDirectory = join(keyringsDirectory, 'host');
  const trusted = {
    file: join(hostDirectory, 'trusted.gpg'),
    directory: join(hostDirectory, 'trusted.gpg.d'),
  };
  await makeDirectory(trusted.directory);
  const signedBy = new Map<string, readonly string[]>();
  let usesHostKeys = false;
  for (const repository of repositories) {
    const words = signedByWords(repository);
    usesHostKeys ||= !words.some(isKeyring);
    if (repository.signedBy === undefined || signedBy.has(repository.signedBy)) continue;
    const copies: string[] = [];
    for (const [index, word] of words.entries()) {
      const name = `${signedBy.size + 1}${words.length > 1 ? `-${index + 1}` : ''}`;
      copies.push(isKeyring(word) ? await copyKeyring(word, keyringsDirectory, name) : word);
    }
    signedBy.set(repository.signedBy, copies);
  }
  if (usesHostKeys) await copyHostKeys(host, trusted);
  const copiesFor = (repository: Repository): readonly string[] =>
    signedBy.get(repository.signedBy ?? '') ?? [];
  return {
    trusted,
    signedByFor(repository) {
      return repository.signedBy === undefined ? undefined : copiesFor(repository).join(',');
    },
    pathsFor(repository) {
      return copiesFor(repository)
        .filter(isKeyring)
        .map((path) => relative(directory, path));
    },
  };
}

function signedByWords(repository: Repository): readonly string[] {
  const value = repository.signedBy;
  if (value === undefined) return [];
  return isBlock(value) ? [value] : value.split(',');
}

function isBlock(word: string): boolean {
  return word.startsWith('-----BEGIN');
}

/** Whether it holds keys, not only a fingerprint that selects among the host's. */
function isKeyring(word: string): boolean {
  return word.startsWith('/') || isBlock(word);
}

async function copyKeyring(word: string, directory: string, name: string): Promise<string> {
  if (isBlock(word)) {
    const path = join(directory, `${name}.asc`);
    await writeText(path, `${word}\n`);
    return path;
  }
  const path = join(directory, `${name}${extname(word) || '.gpg'}`);
  try {
    await copyFile(word, path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR', 'EISDIR')) throw error;
    throw new PasekaError(
      'bad-source-list',
      `the keyring ${word} that Signed-By names can't be read`,
      'install the keyring (Debian: `apt-get install debian-archive-keyring`) or correct the path',
      error,
    );
  }
  return path;
}

async function copyHostKeys(host: AptConfiguration, target: FrozenKeyrings['trusted']): Promise<void> {
  const file = host.path('Dir::Etc::trusted');
  if (file !== undefined) await copyIfReadable(file, target.file);
  const parts = host.path('Dir::Etc::trustedparts');
  if (parts === undefined) return;
  for (const name of await listDirectory(parts)) {
    if (/\.(gpg|asc)$/.test(name))
      await copyIfReadable(join(parts, name), join(target.directory, basename(name)));
  }
}

// apt itself skips trusted keys that it can't read
async function copyIfReadable(source: string, target: string): Promise<void> {
  try {
    await copyFile(source, target);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'EACCES', 'EISDIR')) throw error;
  }
}
