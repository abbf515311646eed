// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { writePieces } from '../../host/files.ts';
import { type HeaderPackage, type PackageDigest, packagesXml } from './apt-rpm/package-xml.ts';
import type { FetchedRepository } from './fetched-repository.ts';

const piecesAtOnce = 200;

/** Writes the index of packages that have none of rpm-md, for convert-metadata.ts. Throws PasekaError disk-full. */
export async function writePackagesXml(
  directory: string,
  packages: readonly HeaderPackage[],
  digest: PackageDigest,
): Promise<Pick<FetchedRepository, 'primary' | 'filelists' | 'isMade'>> {
  const primary = join(directory, 'primary.xml');
  await writePieces(primary, gathered(packagesXml(packages, digest)));
  return { primary, filelists: undefined, isMade: true };
}

async function* gathered(pieces: Iterable<string>): AsyncGenerator<string> {
  let some: string[] = [];
  for (const piece of pieces) {
    some.push(piece);
    if (some.length < piecesAtOnce) continue;
    yield some.join('');
    some = [];
  }
  yield some.join('');
}
