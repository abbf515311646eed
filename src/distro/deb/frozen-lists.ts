// SPDX-License-Identifier: GPL-2.0-or-later
import { join, relative } from 'node:path';
import { invariant } from '../../base/invariant.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileSize, readTextIfExists } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { Repository } from '../repository.ts';
import { aptListName } from './apt-list-name.ts';
import type { AptIndexTarget } from './apt-update.ts';
import type { FrozenKeyrings } from './freeze-keyrings.ts';
import { type FrozenIndex, type FrozenReleaseFile, frozenLayout } from './frozen-directory.ts';
import { repositoryUri } from './frozen-repository.ts';
import { parseReleaseFile, type ReleaseFile } from './release-file.ts';

/**
 * Describes what an update has put into `lists/`. Throws PasekaError bad-source-list where a component has no packages:
 * apt only warns of that.
 */
export async function describeLists(
  directory: string,
  architecture: string,
  repositories: readonly Repository[],
  targets: readonly AptIndexTarget[],
  keyrings: FrozenKeyrings,
): Promise<{ releases: FrozenReleaseFile[]; indices: FrozenIndex[] }> {
  const releases: FrozenReleaseFile[] = [];
  const indices: FrozenIndex[] = [];
  for (const place of groupByPlace(repositories)) {
    const { uri, suite } = place;
    const ofPlace = targets.filter(
      (target) => placeKey(target.repositoryUri, target.suite) === placeKey(uri, suite),
    );
    const found = await readRelease(directory, place);
    const file = found?.file ?? parseReleaseFile('');
    checkComponents(place, ofPlace, file, architecture);
    for (const target of ofPlace) {
      const kind = kindOf(target);
      if (kind === undefined) continue;
      indices.push({
        kind,
        path: relative(directory, target.path),
        bytes: await fileSize(target.path),
        sha256: await hashFile(target.path),
        uri: `${uri.replace(/\/+$/, '')}/`,
        suite,
        codename: file.codename,
        archive: file.archive,
        origin: file.origin,
        label: file.label,
        version: file.version,
        component: componentOf(target, place),
        notAutomatic: file.notAutomatic,
        butAutomaticUpgrades: file.butAutomaticUpgrades,
        trusted: true, // apt would have refused it otherwise
      });
    }
    releases.push({
      uri: repositoryUri(uri),
      suite,
      codename: file.codename,
      origin: file.origin,
      components: place.components,
      date: file.date,
      signed: found?.signed ?? false,
      keyrings: [...new Set(place.repositories.flatMap((repository) => keyrings.pathsFor(repository)))],
      ...(found === undefined
        ? {}
        : { path: relative(directory, found.path), sha256: await hashFile(found.path) }),
    });
  }
  return { releases, indices };
}

/** All that is taken of one release file. */
interface Place {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly repositories: readonly Repository[];
}

function groupByPlace(repositories: readonly Repository[]): Place[] {
  const groups = Map.groupBy(repositories, ({ uri, suite }) => placeKey(uri, suite));
  return [...groups.values()].map((group) => {
    const [first] = group;
    invariant(first !== undefined, 'a group has a member');
    const components = [...new Set(group.flatMap((repository) => repository.components))];
    return { uri: first.uri, suite: first.suite, components, repositories: group };
  });
}

function placeKey(uri: string, suite: string): string {
  return `${repositoryUri(uri.replace(/^copy:/i, 'file:'))} ${suite}`;
}

/** apt leaves the placeholder `$(COMPONENT)` in the targets of a flat repository. */
function componentOf(target: AptIndexTarget, place: Place): string {
  return place.components.includes(target.component) ? target.component : '';
}

function kindOf(target: AptIndexTarget): FrozenIndex['kind'] | undefined {
  if (target.identifier === 'Packages') return 'packages';
  if (target.identifier === 'Sources') return 'sources';
  return undefined;
}

interface FoundRelease {
  readonly path: string;
  readonly file: ReleaseFile;
  readonly signed: boolean;
}

/** apt keeps an InRelease file, and a Release file with a Release.gpg beside it, only when the signature is good. */
async function readRelease(directory: string, { uri, suite }: Place): Promise<FoundRelease | undefined> {
  const prefix = join(directory, frozenLayout.lists, aptListName(releaseDirectoryUri(uri, suite)));
  const inRelease = await readTextIfExists(`${prefix}InRelease`);
  if (inRelease !== undefined) {
    return { path: `${prefix}InRelease`, file: parseReleaseFile(inRelease), signed: true };
  }
  const release = await readTextIfExists(`${prefix}Release`);
  if (release === undefined) return undefined;
  const signed = (await readTextIfExists(`${prefix}Release.gpg`)) !== undefined;
  return { path: `${prefix}Release`, file: parseReleaseFile(release), signed };
}

function releaseDirectoryUri(uri: string, suite: string): string {
  const base = uri.replace(/\/+$/, '');
  if (suite === '/') return `${base}/`;
  return suite.endsWith('/') ? `${base}/${suite}` : `${base}/dists/${suite}/`;
}

/**
 * Every component must be offered for the architecture: as a list, or by a release file that names it (apt keeps no list
 * of an empty index).
 */
function checkComponents(
  place: Place,
  targets: readonly AptIndexTarget[],
  file: ReleaseFile,
  architecture: string,
): void {
  for (const repository of place.repositories) {
    const kind = repository.sourcesOnly === true ? 'sources' : 'packages';
    for (const component of repository.components.length === 0 ? [''] : repository.components) {
      if (targets.some((target) => kindOf(target) === kind && componentOf(target, place) === component))
        continue;
      if (isOffered(file, kind, component, architecture)) continue;
      throw new PasekaError(
        'bad-source-list',
        `${repositoryUri(place.uri)} ${place.suite} has no ${kind} of ${component === '' ? '' : `the component ${component} for `}${architecture}`,
        file.components.length === 0 && file.architectures.length === 0
          ? "correct the component or the architecture in the repository's source"
          : `it offers the components ${file.components.join(' ') || '(none)'} for ${file.architectures.join(' ') || '(none)'}`,
      );
    }
  }
}

function isOffered(
  file: ReleaseFile,
  kind: FrozenIndex['kind'],
  component: string,
  architecture: string,
): boolean {
  const directory = kind === 'sources' ? 'source/Sources' : `binary-${architecture}/Packages`;
  const name = component === '' ? directory.replace(/^.*\//, '') : `${component}/${directory}`;
  return ['', '.xz', '.gz', '.bz2', '.zst', '.lz4', '.lzma'].some((extension) =>
    file.files.has(name + extension),
  );
}
