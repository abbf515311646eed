// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { type CandidateFormat, openCandidatesOf } from '../candidates.ts';
import type { LocalPackage } from '../distribution.ts';
import type { CandidateRequest } from '../resolution.ts';
import { parsePackageFileName, withoutEpoch } from './file-name.ts';
import { freezeRepositories } from './freeze.ts';
import { findFurtherRepository, newestOf } from './further-repository.ts';
import { isForEveryMachine, openLocalPackages, verifyFiles } from './local-packages.ts';
import { readPackage } from './read-package.ts';
import { compareVersions } from './version.ts';

const format: CandidateFormat = {
  ending: '.deb',
  isPackageFile: (path) => path.endsWith('.deb'),
  isForEveryMachine,
  readPackage,
  openFile: openLocalPackages,
  compareVersions,
  fileNameOf: ownFileName,
  findRepositories: findFurtherRepository,
  freeze: freezeRepositories,
  newestOf,
  verifyFiles,
};

/** {@link openCandidatesOf} of `.deb` and `.changes` files. Throws PasekaError bad-changes-file, too. */
export function openCandidates(request: CandidateRequest): Promise<readonly LocalPackage[]> {
  return openCandidatesOf(format, request);
}

function ownFileName({ name, version, architecture, path }: LocalPackage): string {
  const fileName = `${name}_${withoutEpoch(version)}_${architecture}.deb`;
  if (parsePackageFileName(fileName) !== undefined) return fileName;
  throw new PasekaError(
    'bad-binary-package',
    `${path}: its name or version is none: ${name} ${version}`,
    'build it anew',
  );
}
