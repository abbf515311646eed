// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { hasCredentials } from '../../base/public-uri.ts';
import { asDiskFull, makeDirectory, removeTree, writeText } from '../../host/files.ts';
import type { FreezeRequest, FrozenRelease, FrozenRepositories, Repository } from '../repository.ts';
import { readHostAptConfiguration } from './apt-configuration.ts';
import { classifyAptFailure, failedUrls } from './apt-failure.ts';
import { renderAptSources } from './apt-sources-writer.ts';
import { type AptUpdateOptions, listIndexTargets, runAptUpdate } from './apt-update.ts';
import { freezeKeyrings } from './freeze-keyrings.ts';
import { type FrozenReleaseFile, frozenLayout, writeFrozenDirectory } from './frozen-directory.ts';
import { frozenId } from './frozen-id.ts';
import { describeLists } from './frozen-lists.ts';
import { repositoriesToFreeze, repositoryUri } from './frozen-repository.ts';
import { makePrivateAptRoot, type PrivateAptRoot } from './private-apt-root.ts';

/**
 * Freezes Debian repositories into `directory` (existing, empty, the caller's; after an error its content is
 * worthless): see frozen-directory.ts for what it then holds. The host's own `apt-get update` fetches and verifies in a
 * private apt root, so the host's apt state is neither read nor written; only its settings for reaching mirrors hold.
 * From each repository both packages and sources are taken, sources where it has any.
 *
 * Throws PasekaError no-repositories, bad-source-list, unknown-suite, mirror-unreachable, mirror-inconsistent,
 * signature-invalid, index-expired, index-corrupt, disk-full, cancelled, tool-missing, tool-failed.
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
  const { architecture } = request;
  const host = await readHostAptConfiguration();
  const repositories = await repositoriesToFreeze(request.repositories, architecture);
  const keyrings = await freezeKeyrings(repositories, directory, host);
  const scratchDirectory = join(directory, 'apt');
  const root = await makePrivateAptRoot({
    directory: scratchDirectory,
    listsDirectory: join(directory, frozenLayout.lists),
    architecture,
    trusted: keyrings.trusted,
    host,
  });
  const forUpdate = (repository: Repository): Repository => {
    const signedBy = keyrings.signedByFor(repository);
    const { signedBy: _, ...rest } = repository;
    return { ...rest, uri: asCopy(repository.uri), ...(signedBy === undefined ? {} : { signedBy }) };
  };
  await update(root, repositories.map(forUpdate), request);
  const targets = await listIndexTargets(root, request.signal);
  const { releases, indices } = await describeLists(directory, architecture, repositories, targets, keyrings);
  const id = frozenId(architecture, releases, indices);

  await writeSources(directory, repositories, architecture, (repository) =>
    indices.some((index) => index.kind === 'sources' && isIndexOf(index, repository)),
  );
  await removeTree(scratchDirectory);
  await removeTree(join(directory, frozenLayout.lists, 'lock'));
  await removeTree(join(directory, frozenLayout.lists, 'auxfiles'));
  await writeFrozenDirectory(directory, { id, architecture, releases, indices });
  return { id, releases: releases.map(toFrozenRelease) };
}

function toFrozenRelease(file: FrozenReleaseFile): FrozenRelease {
  const { path: _path, sha256: _sha256, keyrings: _keyrings, ...release } = file;
  return release;
}

/**
 * Runs the update; once more without the sources of those repositories that have neither a release file (which would say
 * so) nor sources.
 */
async function update(
  root: PrivateAptRoot,
  repositories: readonly Repository[],
  request: FreezeRequest,
): Promise<void> {
  const options: AptUpdateOptions = {
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  await writeText(root.sourcesPath, renderAptSources(repositories), 0o600);
  const first = await runAptUpdate(root, options);
  if (first.kind === 'updated') return;
  const urls = failedUrls(first.report);
  const isWithoutSources = (repository: Repository): boolean => {
    const uri = repositoryUri(repository.uri);
    if (!first.report.withoutRelease.has(`${uri.slice(0, -1)} ${repository.suite}`)) return false;
    return urls.some((url) => url.startsWith(uri) && url.endsWith('/Sources'));
  };
  if (!repositories.some(isWithoutSources)) throw classifyAptFailure(first.report);
  await writeText(
    root.sourcesPath,
    repositories
      .map((repository) => renderAptSources([repository], isWithoutSources(repository) ? ['deb'] : undefined))
      .join('\n'),
    0o600,
  );
  const second = await runAptUpdate(root, options);
  if (second.kind === 'failed') throw classifyAptFailure(second.report);
}

/** For apt over `lists/`: no keyrings, because signatures are checked already, and `deb-src` only where there are any. */
async function writeSources(
  directory: string,
  repositories: readonly Repository[],
  architecture: string,
  hasSources: (repository: Repository) => boolean,
): Promise<void> {
  await makeDirectory(join(directory, 'sources.list.d'));
  const stanzas = repositories.map((repository) => {
    const { signedBy: _, checkValidUntil: __, ...kept } = repository;
    const types = hasSources(repository) ? undefined : (['deb'] as const);
    return renderAptSources([{ ...kept, architectures: [architecture] }], types);
  });
  const isSecret = repositories.some((repository) => hasCredentials(repository.uri));
  await writeText(join(directory, frozenLayout.sources), stanzas.join('\n'), isSecret ? 0o600 : 0o644);
}

function isIndexOf(index: { readonly uri: string; readonly suite: string }, repository: Repository): boolean {
  return repositoryUri(index.uri) === repositoryUri(repository.uri) && index.suite === repository.suite;
}

/** apt only links to the lists of a `file:` repository, and they would change with it: `copy:` copies them. */
function asCopy(uri: string): string {
  return uri.replace(/^file:/i, 'copy:');
}
