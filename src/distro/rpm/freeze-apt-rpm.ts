// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import { makeDirectory, writeBytes } from '../../host/files.ts';
import type { Repository } from '../repository.ts';
import { readHeaderList } from './apt-rpm/header-list.ts';
import { type ListedPackage, readListedPackage } from './apt-rpm/listed-package.ts';
import type { HeaderPackage, PackageDigest } from './apt-rpm/package-xml.ts';
import { type AptRpmRelease, parseAptRpmRelease, splitRelease } from './apt-rpm/release-file.ts';
import { fetchAptRpmList } from './fetch-apt-rpm-list.ts';
import { asWanted, type FetchedRepository, type FreezeTools, untrusted } from './fetched-repository.ts';
import { freezeKeys } from './freeze-keys.ts';
import { frozenLayout } from './frozen-directory.ts';
import { RpmFormatError } from './header/rpm-format-error.ts';
import { foreignSources } from './header/source-architectures.ts';
import { signatureProblem } from './verify-signature.ts';
import { writePackagesXml } from './write-packages-xml.ts';

const mostReleaseBytes = 16 * 1024 * 1024;

/**
 * Fetches a component of an apt-rpm repository: its release file, whose signature is checked where the user's line names a vendor,
 * and the lists of packages and sources, which have to be what it says. Throws PasekaError no-repositories, mirror-unreachable,
 * mirror-inconsistent, signature-invalid, index-corrupt, bad-source-list, tool-missing, cancelled, disk-full.
 */
export async function freezeAptRpm(
  repository: Repository,
  number: number,
  tools: FreezeTools,
): Promise<FetchedRepository> {
  const { fetcher, signal } = tools;
  const [component = ''] = repository.components;
  const relative = join(frozenLayout.repositories, String(number));
  const directory = join(tools.directory, relative);
  await makeDirectory(directory);
  const uri = `${repository.uri}/${repository.suite}/`;
  tools.onProgress?.(`fetching the lists of ${repository.suite} ${component}`);
  const content = await fetcher.fetch(`${uri}base/release`, mostReleaseBytes, signal);
  if (content === undefined) {
    throw new PasekaError(
      'no-repositories',
      `there is no apt-rpm repository at ${publicUri(uri)}: it has no base/release`,
      'correct the line; genbasedir makes a repository of directories with packages',
    );
  }
  const signed = await checkRelease(content, directory, repository, { uri, number, tools });
  const release = parseAptRpmRelease(Buffer.from(content).toString('utf8'));
  const packages = repository.sourcesOnly === true ? undefined : await readList('pkglist', 'binary');
  const sources = await readList('srclist', 'source');
  if ((packages ?? sources) === undefined) {
    throw new PasekaError(
      'no-repositories',
      `${publicUri(uri)} has no component ${component}: its release file names no base/pkglist.${component}`,
      release.components.length === 0
        ? 'correct the line'
        : `it has ${release.components.join(', ')}: correct the line`,
    );
  }
  const listed = [...(packages ?? []), ...(sources ?? [])];
  const packageDigest = listed.every(({ blake2b }) => blake2b !== undefined) ? 'blake2b512' : 'md5';
  return {
    frozen: {
      name: repository.suite,
      uri,
      components: [component],
      ...asWanted(repository),
      packageDigest,
      foreignSources: foreignSources(listed, tools.architecture),
      signed,
      packageKeys: [],
      directory: relative,
      sha256: sha256(content),
      date: dateOf(release),
      origin: release.fields.get('origin') ?? '',
    },
    ...(await writePackagesXml(directory, listed.map(withDigest(packageDigest)), packageDigest)),
  };

  /** Undefined where the release file names none. */
  async function readList(
    list: 'pkglist' | 'srclist',
    kind: 'binary' | 'source',
  ): Promise<ListedPackage[] | undefined> {
    const name = `${list}.${component}`;
    const bytes = await fetchAptRpmList(name, { uri, release, directory, fetcher, signal });
    if (bytes === undefined) return undefined;
    try {
      return Array.from(readHeaderList(bytes), (header) => readListedPackage(header, kind));
    } catch (error) {
      if (!(error instanceof RpmFormatError)) throw error;
      throw new PasekaError(
        'index-corrupt',
        `${publicUri(uri)}base/${name} is no list of packages: ${error.message}`,
        'make the repository anew (genbasedir), or take another mirror',
        error,
      );
    }
  }
}

interface Place {
  readonly uri: string;
  readonly number: number;
  readonly tools: FreezeTools;
}

/** Keeps the release file; whether its signature was checked. */
async function checkRelease(
  content: Uint8Array,
  directory: string,
  repository: Repository,
  { uri, number, tools }: Place,
): Promise<boolean> {
  const path = join(directory, 'release');
  // latin1 has a letter for each byte, so that what was signed stays as it is
  const { signed, signature } = splitRelease(Buffer.from(content).toString('latin1'));
  await writeBytes(path, Buffer.from(signed, 'latin1'));
  if (signature !== undefined) await writeBytes(`${path}.asc`, Buffer.from(signature, 'latin1'));
  if (repository.trusted === true) return false;
  const invalid = (why: string): PasekaError =>
    untrusted(
      repository,
      uri,
      why,
      'give its keys by --keyring FILE; a line without a vendor in brackets takes it as it is',
    );
  const keys = await freezeKeys(repository, number, tools.directory, tools.fetcher, tools.signal);
  if (keys === undefined) throw invalid('no key is named that it is signed with');
  if (signature === undefined) throw invalid('its base/release has no signature');
  const problem = await signatureProblem(path, `${path}.asc`, keys.keyring, tools.signal);
  if (problem !== undefined) throw invalid(problem);
  return true;
}

function withDigest(digest: PackageDigest): (listed: ListedPackage) => HeaderPackage {
  return (listed) => ({ ...listed, digest: (digest === 'md5' ? listed.md5 : listed.blake2b) ?? '' });
}

function dateOf({ fields }: AptRpmRelease): string {
  const time = Date.parse(fields.get('date') ?? '');
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
