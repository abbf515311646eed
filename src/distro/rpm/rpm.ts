// SPDX-License-Identifier: GPL-2.0-or-later
import type { Distribution } from '../distribution.ts';
import { whyIgnored } from './allowed-differences.ts';
import { listBasePackages } from './base-packages.ts';
import { buildDirectory, buildSource } from './build-source.ts';
import { checkArchive, compareArchives, findUninstallable } from './check-archive.ts';
import { checkInstall } from './check-install.ts';
import { describeRoot } from './describe-root.ts';
import { readDownloadSettings } from './download-settings.ts';
import { rpmFailures } from './failure-rules.ts';
import { findRepositories, namesRpmRepositories } from './find-repositories.ts';
import { foreseeInstallSets } from './foresee-sets.ts';
import { freezeRepositories } from './freeze.ts';
import { hostArchitecture } from './host-architecture.ts';
import { readHostRemarks } from './host-remarks.ts';
import { installByRpm } from './install-by-rpm.ts';
import { prepareResolver } from './installed-packages.ts';
import {
  describePackage,
  isComparedPackage,
  isForEveryMachine,
  isInstallChecked,
  isPackageFile,
  openLocalPackages,
} from './local-packages.ts';
import { makeBase } from './make-base.ts';
import { makeRepository } from './make-repository.ts';
import { openCandidates } from './open-candidates.ts';
import { resolveBuildDependencies, resolvePackages } from './resolve-dependencies.ts';
import { openArchive } from './rpm-archive.ts';
import { openFrozenCatalog } from './rpm-catalog.ts';
import { isSourceFile, openLocalSource } from './source-package.ts';
import { readUnpackedFiles, unpackPackage } from './unpack-package.ts';
import { verifyPackages } from './verify-packages.ts';

/** The packaging system of RPM distributions: rpm-md and apt-rpm repositories, libsolv, rpm. */
export const rpm = {
  kind: 'rpm',
  buildDirectory,
  isMeant: namesRpmRepositories,
  findRepositories,
  hostArchitecture,
  freeze: freezeRepositories,
  downloadSettings: readDownloadSettings,
  hostRemarks: readHostRemarks,
  openCatalog: openFrozenCatalog,
  checkArchive,
  compareArchives,
  openArchive,
  verifyFiles: verifyPackages,
  findUninstallable,
  isForEveryMachine,
  listBasePackages,
  makeBase,
  prepareResolver,
  resolveBuildDependencies,
  resolvePackages,
  foreseeInstallSets,
  profilesAgainstCycles: [],
  isSourceFile,
  openLocalSource,
  isPackagesFile: (fileName) => fileName.endsWith('.rpm'),
  openLocalPackages,
  openCandidates,
  describePackage,
  isPackageFile,
  isComparedPackage,
  isInstallChecked,
  installPackages: installByRpm,
  unpackPackage,
  readUnpackedFiles,
  comparison: {
    isIgnored: (path) => whyIgnored(path) !== undefined,
    meaningOf: () => undefined,
    areAlike: () => false,
  },
  describeRoot,
  buildSource,
  makeRepository,
  checkInstall,
  failures: rpmFailures,
} satisfies Distribution;
