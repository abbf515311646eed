// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { parsePrintedUris } from '../../src/distro/deb/base-packages.ts';
import { debian } from '../../src/distro/deb/debian.ts';
import { askHostApt } from '../../src/distro/deb/host-apt.ts';
import { Downloader } from '../../src/host/download.ts';
import { openStateDirectory } from '../../src/host/state-directory.ts';
import { SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { Pool } from '../../src/store/pool.ts';

/** The host's own suite, frozen once for all runs of the tests. */
export interface TestArchive {
  /** A state directory with its snapshot; tests on the real archive may work in it. */
  readonly stateDirectory: string;
  readonly suite: string;
  readonly snapshot: string;
}

/** A package file of the archive, in its pool. */
export interface ArchiveFile {
  readonly path: string;
  /** `name_version_architecture.deb`, without epoch. */
  readonly fileName: string;
}

/** Freezes the host's suite into `cacheDirectory`, unless it is there. */
export async function openTestArchive(cacheDirectory: string): Promise<TestArchive> {
  const stateDirectory = join(cacheDirectory, 'archive');
  const snapshots = new SnapshotStore(await openStateDirectory(stateDirectory), debian);
  const { kind } = debian;
  const architecture = await debian.hostArchitecture();
  const wish = { kind, ...(await debian.findRepositories({})), architecture };
  const found = await snapshots.findNewest(wish);
  if (found !== undefined) return { stateDirectory, suite: wish.suite, snapshot: found.id };
  await using made = await snapshots.create(wish);
  return { stateDirectory, suite: wish.suite, snapshot: made.snapshot.id };
}

/**
 * Fetches the packages of the build base, what any distribution needs before something can be built on it, and these with
 * all that they need.
 */
export async function fetchBasePackages(
  archive: TestArchive,
  more: readonly string[],
): Promise<readonly ArchiveFile[]> {
  const state = await openStateDirectory(archive.stateDirectory);
  const snapshots = new SnapshotStore(state, debian);
  await using opened = await snapshots.open(archive.snapshot);
  await using downloader = new Downloader(await debian.downloadSettings());
  const pool = new Pool(state, downloader);
  const { frozenDirectory, snapshot } = opened;
  const { architecture } = snapshot;
  const base = await debian.listBasePackages({ frozenDirectory, architecture, variant: 'build' });
  const further = parsePrintedUris(
    await askHostApt(frozenDirectory, architecture, ['apt-get', '--print-uris', 'install', ...more]),
  );
  const files = new Map([...base, ...further].map((file) => [file.sha256, file]));
  await pool.fetchAll([...files.values()]);
  return Array.from(files.values(), (file) => ({
    path: pool.pathOf(file.sha256),
    fileName: `${file.name}_${file.version.replace(/^\d+:/, '')}_${file.architecture}.deb`,
  }));
}
