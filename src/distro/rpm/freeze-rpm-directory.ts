// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfParts } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, listDirectory, makeDirectory } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { Repository } from '../repository.ts';
import type { HeaderPackage } from './apt-rpm/package-xml.ts';
import { asWanted, type FetchedRepository, type FreezeTools } from './fetched-repository.ts';
import { frozenLayout } from './frozen-directory.ts';
import { packageIdentity } from './header/package-identity.ts';
import { foreignSources } from './header/source-architectures.ts';
import { rpmDirectoryPrefix } from './metadata/apt-rpm-lines.ts';
import { readRpmFile } from './open-rpm-file.ts';
import { writePackagesXml } from './write-packages-xml.ts';

/**
 * Reads directories of packages on this machine that have no index (`rpm-dir` of apt-rpm): `RPMS.COMPONENT` and
 * `SRPMS.COMPONENT`. Throws PasekaError bad-source-list for another machine's, no-repositories where none of them is there,
 * bad-binary-package, bad-source-package, disk-full.
 */
export async function freezeRpmDirectory(
  repository: Repository,
  number: number,
  { directory, architecture, onProgress }: FreezeTools,
): Promise<FetchedRepository> {
  const [component = ''] = repository.components;
  const uri = `${repository.uri.slice(rpmDirectoryPrefix.length)}/${repository.suite}/`;
  const place = pathOf(uri);
  const relative = join(frozenLayout.repositories, String(number));
  await makeDirectory(join(directory, relative));
  onProgress?.(`reading the packages in ${place}`);
  const parts = [`RPMS.${component}`, `SRPMS.${component}`];
  const there = await Promise.all(parts.map((part) => isDirectory(join(place, part))));
  if (!there.includes(true)) {
    throw new PasekaError(
      'no-repositories',
      `${place} has neither ${parts.join(' nor ')}`,
      'correct the rpm-dir line',
    );
  }
  const packages: HeaderPackage[] = [];
  for (const part of parts) packages.push(...(await readPackages(place, part)));
  const contents = packages.map(({ path, digest }) => [path, digest] as const);
  return {
    frozen: {
      name: repository.suite,
      uri,
      components: [component],
      ...asWanted(repository),
      packageDigest: 'sha256',
      foreignSources: foreignSources(packages, architecture),
      signed: false,
      packageKeys: [],
      directory: relative,
      sha256: digestOfParts(Object.fromEntries(contents)),
      date: '',
      origin: '',
    },
    ...(await writePackagesXml(join(directory, relative), packages, 'sha256')),
  };
}

async function readPackages(place: string, part: string): Promise<HeaderPackage[]> {
  const names = (await listDirectory(join(place, part))).filter((name) => name.endsWith('.rpm')).sort();
  const packages: HeaderPackage[] = [];
  for (const name of names) {
    const file = join(place, part, name);
    const kind = /\.(no)?src\.rpm$/.test(name) ? 'source' : 'binary';
    const { header, bytes } = await readRpmFile(file, kind);
    const digest = await hashFile(file);
    packages.push({ ...packageIdentity(header), header, path: `${part}/${name}`, bytes, digest });
  }
  return packages;
}

function pathOf(uri: string): string {
  if (/^file:/i.test(uri)) return fileURLToPath(uri);
  throw new PasekaError(
    'bad-source-list',
    `a directory without an index can't be read from another machine: ${uri}`,
    'give a file: address in the rpm-dir line, or make an index (genbasedir) and write rpm',
  );
}
