// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { type DigestAlgorithm, digestOfPieces } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import type { DocumentFetcher } from '../../host/fetch-document.ts';
import { writeBytes } from '../../host/files.ts';
import { readPackedFile } from '../../host/libsolv/read-packed-file.ts';
import type { AptRpmRelease, ReleasedFile } from './apt-rpm/release-file.ts';

const mostListBytes = 2 * 1024 ** 3;

/** Best first. */
const suffixes = ['.xz', '.zst', '.bz2', '.gz', ''] as const;
const algorithms: readonly DigestAlgorithm[] = ['blake2b512', 'sha256', 'sha1', 'md5'];

interface ListRequest {
  /** Of the directory that has `base/`. */
  readonly uri: string;
  readonly release: AptRpmRelease;
  /** Where it is kept as it was fetched. */
  readonly directory: string;
  readonly fetcher: DocumentFetcher;
  readonly signal: AbortSignal | undefined;
}

/**
 * A list of apt-rpm, unpacked, in the best of the forms that there are; undefined where the release file names it in none. A packed
 * form that the release file does not name is taken, too, where what is in it is the list that it names, as apt-rpm does it. Throws
 * PasekaError mirror-inconsistent, index-corrupt, mirror-unreachable, tool-missing, cancelled, disk-full.
 */
export async function fetchAptRpmList(
  name: string,
  { uri, release, directory, fetcher, signal }: ListRequest,
): Promise<Uint8Array | undefined> {
  const plain = release.files.get(`base/${name}`);
  if (plain === undefined && suffixes.every((suffix) => !release.files.has(`base/${name}${suffix}`))) {
    return undefined;
  }
  for (const suffix of suffixes) {
    const address = `${uri}base/${name}${suffix}`;
    const named = release.files.get(`base/${name}${suffix}`);
    if (named === undefined && plain === undefined) continue;
    const content = await fetcher.fetch(address, named?.bytes ?? mostListBytes, signal);
    if (content === undefined) continue;
    if (named !== undefined) checkContent(content, named, address);
    const path = join(directory, `${name}${suffix}`);
    await writeBytes(path, content);
    const list = suffix === '' ? content : unpack(path, address);
    if (plain !== undefined) checkContent(list, plain, address);
    return list;
  }
  throw wrong(`${uri}base/${name}`, 'it is not there');
}

function unpack(path: string, address: string): Uint8Array {
  try {
    return readPackedFile(path, mostListBytes);
  } catch (error) {
    throw new PasekaError(
      'index-corrupt',
      `${publicUri(address)} can't be unpacked: ${(error as Error).message.replace(path, basename(path))}`,
      'make the repository anew (genbasedir), or take another mirror',
      error,
    );
  }
}

function checkContent(content: Uint8Array, { bytes, digests }: ReleasedFile, address: string): void {
  if (content.length !== bytes) throw wrong(address, `it has ${content.length} bytes instead of ${bytes}`);
  const algorithm = algorithms.find((one) => digests[one] !== undefined);
  if (algorithm === undefined) throw wrong(address, 'its release file has no digest of it');
  const found = digestOfPieces(algorithm, [content]);
  if (found !== digests[algorithm]) {
    throw wrong(address, `its ${algorithm} is ${found} instead of ${digests[algorithm]}`);
  }
}

function wrong(address: string, why: string): PasekaError {
  return new PasekaError(
    'mirror-inconsistent',
    `${publicUri(address)} is not the list that base/release promises: ${why}`,
    'the mirror is broken or in the middle of an update: try again, or take another mirror',
  );
}
