// SPDX-License-Identifier: GPL-2.0-or-later
import { sha256 } from '../../base/digest.ts';
import { invariant } from '../../base/invariant.ts';
import { isPasekaError, PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import type { Repository } from '../repository.ts';
import type { FreezeTools } from './fetched-repository.ts';
import { type MirrorChoice, parseMetalink, parseMirrorList } from './metadata/mirror-lists.ts';

const mostListBytes = 16 * 1024 * 1024;

interface FetchedRepomd {
  /** Of the repository, with a slash at its end. */
  readonly uri: string;
  readonly content: Uint8Array;
}

/**
 * A repository's repomd.xml, from the first of its mirrors that has one which may be it. Throws what is wrong with the last one
 * where none has: PasekaError no-repositories, mirror-unreachable, mirror-inconsistent; bad-source-list, cancelled.
 */
export async function fetchRepomd(repository: Repository, tools: FreezeTools): Promise<FetchedRepomd> {
  const mirrors = await findMirrors(repository, tools);
  for (const mirror of mirrors.slice(0, -1)) {
    try {
      return await fetchRepomdFrom(mirror, repository, tools);
    } catch (error) {
      if (!isMirrorsFault(error)) throw error;
      tools.onProgress?.(`${error.message}: trying the next mirror of ${repository.suite}`);
    }
  }
  const last = mirrors.at(-1);
  invariant(last !== undefined, 'where there is no mirror, that was thrown');
  return fetchRepomdFrom(last, repository, tools);
}

async function fetchRepomdFrom(
  mirror: MirrorChoice,
  { suite }: Repository,
  { fetcher, onProgress, signal }: FreezeTools,
): Promise<FetchedRepomd> {
  const uri = `${mirror.uri.replace(/\/+$/, '')}/`;
  onProgress?.(`fetching the index of ${suite}`);
  const content = await fetcher.fetch(`${uri}repodata/repomd.xml`, mostListBytes, signal);
  if (content === undefined) {
    throw new PasekaError(
      'no-repositories',
      `there is no rpm-md repository at ${publicUri(uri)}: it has no repodata/repomd.xml`,
      'correct the address; createrepo_c makes a repository of a directory with packages',
    );
  }
  if (mirror.repomd.length > 0 && !mirror.repomd.includes(sha256(content))) {
    throw new PasekaError(
      'mirror-inconsistent',
      `the repomd.xml of ${publicUri(uri)} is none that the metalink of ${suite} allows`,
      'the mirror is behind: try again later, or name another mirror as baseurl',
    );
  }
  return { uri, content };
}

const mirrorsFaults: ReadonlySet<string> = new Set([
  'no-repositories',
  'mirror-inconsistent',
  'mirror-unreachable',
]);

function isMirrorsFault(error: unknown): error is PasekaError {
  return isPasekaError(error) && mirrorsFaults.has(error.code);
}

/** What `$basearch` stands for where that is not the architecture's own name (dnf's table). */
const baseArchitectures: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['athlon', 'geode', 'i486', 'i586', 'i686'].map((name) => [name, 'i386'])),
  ...Object.fromEntries(['armv6hl', 'armv7hl', 'armv7hnl', 'armv8hl'].map((name) => [name, 'armhfp'])),
};

/** Where the repository may be fetched from, at least one. */
async function findMirrors({ uri, suite }: Repository, tools: FreezeTools): Promise<readonly MirrorChoice[]> {
  const { fetcher, architecture, signal } = tools;
  const filled = uri
    .replaceAll('$basearch', baseArchitectures[architecture] ?? architecture)
    .replaceAll('$arch', architecture);
  const [, kind, list = ''] = /^(metalink|mirrorlist)\+(.*)$/.exec(filled) ?? [];
  if (kind === undefined) return [{ uri: filled, repomd: [] }];
  const content = await fetcher.fetch(list, mostListBytes, signal);
  const text = content === undefined ? '' : Buffer.from(content).toString('utf8');
  const mirrors = kind === 'metalink' ? parseMetalink(text) : parseMirrorList(text);
  if (mirrors.length > 0) return mirrors;
  throw new PasekaError(
    'bad-source-list',
    `the ${kind} ${publicUri(list)} of the repository ${suite} names no mirror`,
    'name a mirror as baseurl instead',
  );
}
