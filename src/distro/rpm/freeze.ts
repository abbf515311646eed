// SPDX-License-Identifier: GPL-2.0-or-later
import pLimit from 'p-limit';
import { PasekaError } from '../../base/paseka-error.ts';
import { DocumentFetcher } from '../../host/fetch-document.ts';
import { asDiskFull, removeTree } from '../../host/files.ts';
import type { FreezeRequest, FrozenRelease, FrozenRepositories, Repository } from '../repository.ts';
import { convertMetadata } from './convert-metadata.ts';
import { readDownloadSettings } from './download-settings.ts';
import type { FetchedRepository, FreezeTools } from './fetched-repository.ts';
import { freezeAptRpm } from './freeze-apt-rpm.ts';
import { freezeRpmDirectory } from './freeze-rpm-directory.ts';
import { freezeRpmMd } from './freeze-rpm-md.ts';
import { type FrozenRepository, writeFrozenDirectory } from './frozen-directory.ts';
import { frozenId } from './frozen-id.ts';
import { rpmDirectoryPrefix } from './metadata/apt-rpm-lines.ts';

const atOnce = 4;

/**
 * Freezes RPM repositories into `directory` (existing, empty, the caller's; after an error its content is worthless): see
 * frozen-directory.ts for what it then holds. Throws PasekaError as freeze-*.ts and convert-metadata.ts do, and
 * no-repositories, disk-full.
 */
export async function freezeRepositories(
  request: FreezeRequest,
  directory: string,
): Promise<FrozenRepositories> {
  try {
    return await freeze(request, directory);
  } catch (error) {
    throw asDiskFull(error, directory);
  }
}

async function freeze(request: FreezeRequest, directory: string): Promise<FrozenRepositories> {
  const { architecture, onProgress, signal } = request;
  const repositories = request.repositories.filter(
    ({ architectures }) => architectures === undefined || architectures.includes(architecture),
  );
  if (repositories.length === 0) {
    throw new PasekaError(
      'no-repositories',
      'there is no repository to freeze',
      'name one with --repo URL, or with --sources FILE',
    );
  }
  await using fetcher = new DocumentFetcher(await readDownloadSettings());
  const tools: FreezeTools = {
    directory,
    architecture,
    fetcher,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
  const limit = pLimit(atOnce);
  const ends = await Promise.allSettled(
    repositories.map((repository, index) => limit(() => fetchRepository(repository, index + 1, tools))),
  );
  const fetched = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  onProgress?.('reading the indices');
  for (const line of convertMetadata(fetched)) onProgress?.(line);
  for (const { isMade, primary } of fetched) if (isMade === true) await removeTree(primary);
  const frozen = fetched.map((one) => one.frozen);
  const id = frozenId(architecture, frozen);
  await writeFrozenDirectory(directory, { id, architecture, repositories: frozen });
  return { id, releases: frozen.map(toRelease) };
}

function fetchRepository(
  repository: Repository,
  number: number,
  tools: FreezeTools,
): Promise<FetchedRepository> {
  if (repository.uri.startsWith(rpmDirectoryPrefix)) return freezeRpmDirectory(repository, number, tools);
  return repository.components.length > 0
    ? freezeAptRpm(repository, number, tools)
    : freezeRpmMd(repository, number, tools);
}

function toRelease(frozen: FrozenRepository): FrozenRelease {
  const { uri, name, components, date, signed, origin, packageKeys } = frozen;
  const ofPackages = packageKeys.length > 0 ? { signedPackages: true } : {};
  return { uri, suite: name, codename: name, origin, components, date, signed, ...ofPackages };
}
