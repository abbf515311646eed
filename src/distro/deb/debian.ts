// SPDX-License-Identifier: GPL-2.0-or-later
import type { Distribution } from '../distribution.ts';
import { meaningOf, whyIgnored } from './allowed-differences.ts';
import { readAptDownloadSettings } from './apt-download-settings.ts';
import { listBasePackages } from './base-packages.ts';
import { buildDirectory, buildSource } from './build-source.ts';
import { findUninstallable } from './check-candidates.ts';
import { checkCatalog, compareCatalogs, openArchive } from './check-catalog.ts';
import { checkInstall } from './check-install.ts';
import { describePackage, isComparedPackage } from './describe-package.ts';
import { debianFailures } from './failure-rules.ts';
import { foreseeInstallSets } from './foresee-sets.ts';
import { freezeRepositories } from './freeze.ts';
import { hostArchitecture } from './host-architecture.ts';
import { readHostRemarks } from './host-remarks.ts';
import { findRepositories } from './host-repositories.ts';
import { installByApt } from './install-by-apt.ts';
import { stageByLinking } from './install-by-linking.ts';
import { installInCircle } from './install-in-circle.ts';
import { unpackPackage } from './link/unpack-package.ts';
import { isForEveryMachine, openLocalPackages, verifyFiles } from './local-packages.ts';
import { makeBase } from './make-base.ts';
import { makeRepository } from './make-repository.ts';
import { openCandidates } from './open-candidates.ts';
import { openFrozenCatalog } from './open-frozen-catalog.ts';
import { prepareResolver } from './prepare-resolver.ts';
import { readUnpackedFiles } from './read-unpacked-files.ts';
import { resolveBuildDependencies, resolvePackages } from './resolve-dependencies.ts';
import { openLocalSource } from './source-package.ts';
import { areFormatsOfOtherTimes } from './tex-formats.ts';

/** Debian's packaging system: apt, dpkg, mmdebstrap. */
export const debian: Distribution = {
  kind: 'deb',
  buildDirectory,
  isMeant: async ({ sources = '' }) => /\.(list|sources)$/.test(sources),
  findRepositories,
  hostArchitecture,
  freeze: freezeRepositories,
  downloadSettings: readAptDownloadSettings,
  hostRemarks: readHostRemarks,
  openCatalog: openFrozenCatalog,
  checkArchive: checkCatalog,
  compareArchives: compareCatalogs,
  openArchive,
  isForEveryMachine,
  readUnpackedFiles,
  verifyFiles,
  listBasePackages,
  makeBase,
  prepareResolver,
  resolveBuildDependencies,
  resolvePackages,
  foreseeInstallSets,
  // BuildProfileSpec: the first two change nothing of the packages, the third leaves documentation away
  profilesAgainstCycles: ['nocheck', 'noinsttest', 'nodoc', 'stage1'],
  installPackages: (root, context, request) =>
    (request.absent === undefined ? installByApt : installInCircle)(root, context, request),
  unpackPackage,
  stagePackages: stageByLinking,
  comparison: {
    isIgnored: (path) => whyIgnored(path) !== undefined,
    meaningOf,
    areAlike: areFormatsOfOtherTimes,
  },
  isSourceFile: (fileName) => fileName.endsWith('.dsc'),
  openLocalSource,
  isPackagesFile: (fileName) => /\.(deb|changes)$/.test(fileName),
  openLocalPackages,
  openCandidates,
  findUninstallable,
  isComparedPackage,
  describePackage,
  isPackageFile: (fileName) => fileName.endsWith('.deb'),
  isInstallChecked: (file) => !file.name.endsWith('-dbgsym'),
  buildSource,
  makeRepository,
  checkInstall,
  failures: debianFailures,
};
