// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import { readTextIfExists } from '../../host/files.ts';
import type { Repository } from '../repository.ts';

/**
 * The repositories that are to be frozen for an architecture: those of other architectures left out, `$(ARCH)` put in,
 * lists of mirrors (`mirror+file:`) replaced by their first mirror, because package files are fetched without apt.
 * Throws PasekaError no-repositories and bad-source-list.
 */
export async function repositoriesToFreeze(
  repositories: readonly Repository[],
  architecture: string,
): Promise<Repository[]> {
  const wanted = repositories.filter(
    (repository) => repository.architectures === undefined || repository.architectures.includes(architecture),
  );
  if (wanted.length === 0) {
    throw new PasekaError(
      'no-repositories',
      repositories.length === 0
        ? 'there is no repository to freeze'
        : `none of the ${repositories.length} repositories is meant for ${architecture}`,
      'name one with --mirror URL --suite SUITE, or with --sources FILE',
    );
  }
  return Promise.all(
    wanted.map(async (repository) => ({
      ...repository,
      uri: await resolveMirrorList(repository.uri),
      suite: repository.suite.replaceAll('$(ARCH)', architecture),
    })),
  );
}

/** A repository's address without credentials, ending in `/`: what may be shown and compared. */
export function repositoryUri(uri: string): string {
  return `${publicUri(uri).replace(/\/+$/, '')}/`;
}

// apt-transport-mirror(1): one mirror on each line, metadata after a tab
async function resolveMirrorList(uri: string): Promise<string> {
  const path = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (path === undefined) return uri;
  const lines = (await readTextIfExists(path))?.split('\n') ?? [];
  const mirror = lines.map((line) => line.split(/[\t#]/)[0]?.trim() ?? '').find((line) => line !== '');
  if (mirror === undefined) {
    throw new PasekaError(
      'bad-source-list',
      `the list of mirrors ${path} names none`,
      'put the address of a mirror into it, or use --mirror URL',
    );
  }
  return mirror.replace(/\/+$/, '');
}
