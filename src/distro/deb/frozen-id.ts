// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts, type Sha256 } from '../../base/digest.ts';
import type { FrozenIndex, FrozenReleaseFile } from './frozen-directory.ts';
import { repositoryUri } from './frozen-repository.ts';

/**
 * A frozen directory's id: equal for equal content, whenever and wherever it was frozen. It covers, in the order of the
 * repositories (which decides between equal versions), for each of them
 *
 * - its address without credentials, because the catalog's URLs are made from it: the same release file taken from
 *   another mirror is another snapshot, whose packages are shared by the pool all the same;
 * - its suite as it was named and the components taken: a release file describes more than is taken;
 * - whether its signature was checked;
 * - the digest of its release file, which contains the digests of all indices; without one, those of the indices;
 * - which indices were taken, because a repository may be taken with its sources alone;
 *
 * and the architecture.
 */
export function frozenId(
  architecture: string,
  releases: readonly FrozenReleaseFile[],
  indices: readonly FrozenIndex[],
): Sha256 {
  const parts: Record<string, string> = { architecture };
  for (const [number, release] of releases.entries()) {
    const taken = indices.filter(
      (index) => repositoryUri(index.uri) === release.uri && index.suite === release.suite,
    );
    parts[`release ${number}`] = JSON.stringify({
      uri: release.uri,
      suite: release.suite,
      components: release.components,
      signed: release.signed,
      digest: release.sha256 ?? '',
      indices: taken.map((index) => [
        index.kind,
        index.component,
        release.sha256 === undefined ? index.sha256 : '',
      ]),
    });
  }
  return digestOfParts(parts);
}
