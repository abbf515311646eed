// SPDX-License-Identifier: GPL-2.0-or-later
import { asDiskFull } from '../files.ts';
import type { Pointer } from './functions.ts';
import { libsolv, libsolvReason } from './library.ts';

const flags = { localPool: 4, extendSolvables: 16 };

/** Loads what {@link writeSolv} wrote; to be given to SolvPool.add. */
export function fillFromSolv(path: string): (repository: Pointer) => boolean {
  return (repository) => withFile(path, (file) => libsolv().repo_add_solv(repository, file, 0) === 0);
}

/**
 * Loads an rpm-md repository's primary.xml and filelists.xml, plain or compressed by gzip, bzip2, xz or zstd; to be given
 * to SolvPool.add.
 */
export function fillFromRpmMetadata(
  primary: string,
  filelists: string | undefined,
): (repository: Pointer) => boolean {
  return (repository) => {
    const solv = libsolv();
    if (!withFile(primary, (file) => solv.repo_add_rpmmd(repository, file, null, 0) === 0)) return false;
    solv.repo_internalize(repository);
    if (filelists === undefined) return true;
    const how = flags.extendSolvables | flags.localPool;
    return withFile(filelists, (file) => solv.repo_add_rpmmd(repository, file, 'FL', how) === 0);
  };
}

/** Loads package files' headers, in their order; to be given to SolvPool.add. */
export function fillFromPackages(paths: readonly string[]): (repository: Pointer) => boolean {
  return (repository) => paths.every((path) => libsolv().repo_add_rpm(repository, path, 0) !== 0);
}

/** Writes all of a repository into one file. Throws an Error with the reason, PasekaError disk-full. */
export function writeSolv(pool: Pointer, repository: Pointer, path: string): void {
  const solv = libsolv();
  const file = solv.fopen(path, 'w');
  if (file === null) throw asDiskFull(new Error(`${path} can't be written`), path);
  const written = solv.repo_write(repository, file);
  const closed = solv.fclose(file);
  if (written !== 0 || closed !== 0) throw new Error(`${path} can't be written: ${libsolvReason(pool)}`);
}

function withFile<T>(path: string, use: (file: Pointer) => T): T {
  const solv = libsolv();
  const file = solv.solv_xfopen(path, 'r');
  if (file === null) throw new Error(`${path} can't be opened`);
  try {
    return use(file);
  } finally {
    solv.fclose(file);
  }
}
