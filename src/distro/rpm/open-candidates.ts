// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { pathExists } from '../../host/files.ts';
import { type CandidateFormat, openCandidatesOf } from '../candidates.ts';
import type { LocalPackage } from '../package.ts';
import type { Repository } from '../repository.ts';
import type { CandidateRequest } from '../resolution.ts';
import type { PackageFile } from '../source-input.ts';
import { findRepositories } from './find-repositories.ts';
import { freezeRepositories } from './freeze.ts';
import { isForEveryMachine, isPackageFile, openLocalPackages, readPackage } from './local-packages.ts';
import { openFrozenCatalog } from './rpm-catalog.ts';
import { compareEvr } from './rpm-version.ts';
import { verifyPackages } from './verify-packages.ts';

const format: CandidateFormat = {
  ending: '.rpm',
  isPackageFile,
  isForEveryMachine,
  readPackage,
  openFile: openLocalPackages,
  compareVersions: compareEvr,
  fileNameOf: ({ name, version, architecture }) =>
    `${name}-${version.replace(/^\d+:/, '')}.${architecture}.rpm`,
  findRepositories: findFurther,
  freeze: freezeRepositories,
  newestOf,
  verifyFiles: verifyPackages,
};

/** {@link openCandidatesOf} of `.rpm` files; a repository is a `.repo` file, a sources.list of apt-rpm, or a directory of rpm-md. */
export function openCandidates(request: CandidateRequest): Promise<readonly LocalPackage[]> {
  return openCandidatesOf(format, request);
}

async function findFurther(word: string): Promise<readonly Repository[] | undefined> {
  const path = resolve(word);
  if (/\.(repo|list)$/.test(path)) return (await findRepositories({ sources: path })).repositories;
  if (!(await pathExists(join(path, 'repodata', 'repomd.xml')))) return undefined;
  // trusted as packages given by their path are
  return [{ uri: `file://${path}`, suite: 'further', components: [], trusted: true }];
}

async function newestOf(frozenDirectory: string, architecture: string): Promise<PackageFile[]> {
  const { repositories } = await openFrozenCatalog(frozenDirectory);
  using _pool = repositories.pool;
  return repositories.packageNames().flatMap((name) => {
    const fitting = repositories.preferredFirst(repositories.packagesOfName(name)).find((id) => {
      const own = repositories.architecture(id);
      return isForEveryMachine(own) || own === architecture;
    });
    return fitting === undefined ? [] : [repositories.packageFile(fitting)];
  });
}
