// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { digestOfParts, type Sha256 } from '../../base/digest.ts';
import { publicUri } from '../../base/public-uri.ts';
import type { FrozenRepository } from './frozen-directory.ts';

/**
 * A frozen directory's id: equal for equal content, whenever and wherever it was frozen. It covers the architecture, and in
 * the order of the repositories (which decides between equal versions) for each of them
 *
 * - its name, and its address without credentials, because the packages' URLs are made from it;
 * - its priority, and whether only its sources were taken: they decide what is chosen;
 * - what was checked of its signatures, and the keys that its packages have to be signed with, which is checked later;
 * - the digest of its repomd.xml (of an apt-rpm repository: its release file), which has the digests of all indices.
 */
export function frozenId(architecture: string, repositories: readonly FrozenRepository[]): Sha256 {
  const parts: Record<string, string> = { architecture };
  for (const [number, repository] of repositories.entries()) {
    parts[`repository ${number}`] = JSON.stringify({
      name: repository.name,
      uri: publicUri(repository.uri),
      components: repository.components,
      priority: repository.priority,
      sourcesOnly: repository.sourcesOnly,
      signed: repository.signed,
      packageKeys: repository.packageKeys.map((path) => basename(path)),
      digest: repository.sha256,
    });
  }
  return digestOfParts(parts);
}
