// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import { makeDirectory, writeBytes } from '../../host/files.ts';
import { hashFileAs } from '../../host/hash-file.ts';
import type { Repository } from '../repository.ts';
import { fetchRepomd } from './fetch-repomd.ts';
import { asWanted, type FetchedRepository, type FreezeTools, untrusted } from './fetched-repository.ts';
import { freezeKeys } from './freeze-keys.ts';
import { type FrozenRepository, frozenLayout } from './frozen-directory.ts';
import { parseRepomd, type Repomd, type RepomdEntry, RepomdError } from './metadata/repomd.ts';
import { signatureProblem } from './verify-signature.ts';

const mostSignatureBytes = 1024 * 1024;
const mostIndexBytes = 2 * 1024 ** 3;

/**
 * Fetches an rpm-md repository's repomd.xml, checks its signature as the repository asks for, and fetches the primary and
 * filelists indices, which have to be what it says. Throws PasekaError no-repositories, mirror-unreachable,
 * mirror-inconsistent, signature-invalid, index-corrupt, bad-source-list, tool-missing, cancelled.
 */
export async function freezeRpmMd(
  repository: Repository,
  number: number,
  tools: FreezeTools,
): Promise<FetchedRepository> {
  const relative = join(frozenLayout.repositories, String(number));
  const directory = join(tools.directory, relative);
  await makeDirectory(directory);
  const { uri, content } = await fetchRepomd(repository, tools);
  const digest = sha256(content);
  const repomdPath = join(directory, 'repomd.xml');
  await writeBytes(repomdPath, content);
  const signatures = await checkSignature(repository, number, uri, repomdPath, tools);
  const repomd = readRepomd(content, uri);
  const fetchEntry = (name: string, entry: RepomdEntry): Promise<string> =>
    fetchIndex(entry, uri, join(directory, `${name}.${basename(entry.href)}`), tools);
  const primary = await fetchEntry('primary', repomd.primary);
  const filelists =
    repomd.filelists === undefined ? undefined : await fetchEntry('filelists', repomd.filelists);
  return {
    frozen: {
      name: repository.suite,
      uri,
      components: [],
      ...asWanted(repository),
      packageDigest: 'sha256',
      foreignSources: [],
      ...signatures,
      directory: relative,
      sha256: digest,
      date: dateOf(repomd),
      origin: '',
    },
    primary,
    filelists,
  };
}

/** Checks the signature of repomd.xml, and says what has to be checked of the packages. */
async function checkSignature(
  repository: Repository,
  number: number,
  uri: string,
  repomdPath: string,
  { directory, fetcher, signal }: FreezeTools,
): Promise<Pick<FrozenRepository, 'signed' | 'packageKeys'>> {
  if (repository.trusted === true) return { signed: false, packageKeys: [] };
  const keys = await freezeKeys(repository, number, directory, fetcher, signal);
  const invalid = (why: string): PasekaError =>
    untrusted(
      repository,
      uri,
      why,
      'give its key by gpgkey or --keyring FILE; gpgcheck=0 and repo_gpgcheck=0 take it as it is',
    );
  if (keys === undefined) throw invalid('no key is named that it is signed with');
  const { signatureOf } = repository;
  const signature = await fetcher.fetch(`${uri}repodata/repomd.xml.asc`, mostSignatureBytes, signal);
  const signaturePath = `${repomdPath}.asc`;
  if (signature !== undefined) await writeBytes(signaturePath, signature);
  const problem =
    signature === undefined
      ? 'it has no repodata/repomd.xml.asc'
      : await signatureProblem(repomdPath, signaturePath, keys.keyring, signal);
  if (problem === undefined) return { signed: true, packageKeys: signatureOf === 'both' ? keys.paths : [] };
  if (signatureOf !== 'packages') throw invalid(problem);
  return { signed: false, packageKeys: keys.paths };
}

function readRepomd(content: Uint8Array, uri: string): Repomd {
  try {
    return parseRepomd(Buffer.from(content).toString('utf8'));
  } catch (error) {
    if (!(error instanceof RepomdError)) throw error;
    throw new PasekaError(
      'index-corrupt',
      `${publicUri(uri)}repodata/repomd.xml is none: ${error.message}`,
      'make the repository anew (createrepo_c), or take another mirror',
      error,
    );
  }
}

async function fetchIndex(
  entry: RepomdEntry,
  uri: string,
  path: string,
  { fetcher, signal }: FreezeTools,
): Promise<string> {
  const address = `${uri}${entry.href}`;
  const wrong = (why: string): PasekaError =>
    new PasekaError(
      'mirror-inconsistent',
      `${publicUri(address)} is not the index that repomd.xml promises: ${why}`,
      'the mirror is broken or in the middle of an update: try again, or take another mirror',
    );
  const content = await fetcher.fetch(address, entry.bytes ?? mostIndexBytes, signal);
  if (content === undefined) throw wrong('it is not there');
  if (entry.bytes !== undefined && content.length !== entry.bytes) {
    throw wrong(`it has ${content.length} bytes instead of ${entry.bytes}`);
  }
  await writeBytes(path, content);
  const { algorithm, value } = entry.checksum;
  const found = await hashFileAs(algorithm, path);
  if (found !== value) throw wrong(`its ${algorithm} is ${found} instead of ${value}`);
  return path;
}

function dateOf({ revision, timestamp }: Repomd): string {
  const seconds = /^\d{9,11}$/.test(revision) ? Number(revision) : timestamp;
  return seconds === 0 ? '' : new Date(seconds * 1000).toISOString();
}
