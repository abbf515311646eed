// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { DocumentFetcher } from '../../host/fetch-document.ts';
import { makeDirectory, writeBytes } from '../../host/files.ts';
import type { Repository } from '../repository.ts';
import { frozenLayout } from './frozen-directory.ts';
import { armor } from './metadata/armor.ts';
import { dearmor } from './metadata/dearmor.ts';

const mostKeyBytes = 4 * 1024 * 1024;

/** Copies of a repository's keys in the frozen directory. */
export interface FrozenKeys {
  /** Absolute path of one binary keyring with all of them. */
  readonly keyring: string;
  /** Relative paths of the keys, armoured; each has the digest of its key in its name. */
  readonly paths: readonly string[];
}

/**
 * Copies the keys that a repository names: paths, addresses (not of http, where anybody could put another in their place) and
 * armoured blocks. Undefined where it names none. Throws PasekaError bad-source-list for what is no key.
 * @param number the repository's, for the copies' names.
 */
export async function freezeKeys(
  { signedBy, suite }: Repository,
  number: number,
  directory: string,
  fetcher: DocumentFetcher,
  signal?: AbortSignal,
): Promise<FrozenKeys | undefined> {
  if (signedBy === undefined) return undefined;
  const wanted = signedBy.startsWith('-----BEGIN') ? [signedBy] : signedBy.split(',');
  await makeDirectory(join(directory, frozenLayout.keyrings));
  const paths: string[] = [];
  const binaries: Uint8Array[] = [];
  for (const word of wanted) {
    const content = await readKey(word, suite, fetcher, signal);
    const text = Buffer.from(content).toString('latin1');
    const isArmoured = text.includes('-----BEGIN');
    const binary = isArmoured ? dearmor(text) : content;
    if (binary === undefined || binary.length === 0) throw badKey(word, suite, 'it holds no public key');
    const path = join(frozenLayout.keyrings, `${number}-${sha256(binary)}.key`);
    await writeBytes(join(directory, path), isArmoured ? content : Buffer.from(armor(binary)));
    paths.push(path);
    binaries.push(binary);
  }
  const keyring = join(directory, frozenLayout.keyrings, `${number}.gpg`);
  await writeBytes(keyring, Buffer.concat(binaries));
  return { keyring, paths };
}

async function readKey(
  word: string,
  suite: string,
  fetcher: DocumentFetcher,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (word.startsWith('-----BEGIN')) return Buffer.from(word);
  if (/^http:/i.test(word)) {
    throw badKey(
      word,
      suite,
      'a key that comes over http may be anybody’s: fetch it, see whose it is, and name the file',
    );
  }
  const address = word.startsWith('/') ? `file://${word}` : word;
  const content = await fetcher.fetch(address, mostKeyBytes, signal);
  if (content === undefined) throw badKey(word, suite, 'there is no such file');
  return content;
}

function badKey(word: string, suite: string, why: string): PasekaError {
  return new PasekaError(
    'bad-source-list',
    `the key ${word.slice(0, 200)} of the repository ${suite} can't be used: ${why}`,
    'correct gpgkey, or give --keyring FILE',
  );
}
