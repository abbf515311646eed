// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { parsePrintedUris } from '../../../src/distro/deb/base-packages.ts';
import { debian } from '../../../src/distro/deb/debian.ts';
import { askHostApt } from '../../../src/distro/deb/host-apt.ts';
import { Downloader } from '../../../src/host/download.ts';
import { openStateDirectory } from '../../../src/host/state-directory.ts';
import { SnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { Pool } from '../../../src/store/pool.ts';
import type { TestArchive } from '../test-archive.ts';

/** A package file of Debian's, in the archive's pool. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly path: string;
}

/** What upstream released, as Debian has it. */
export interface UpstreamArchive {
  /** Without Debian's epoch and revision. */
  readonly version: string;
  readonly fileName: string;
  readonly path: string;
}

/** Files of the host's own suite, fetched as they are asked for. */
export interface DebianFiles extends AsyncDisposable {
  /** All packages that these need on an empty system, without recommended ones; names and apt's patterns. */
  closure(wanted: readonly string[]): Promise<readonly DebianPackage[]>;
  /** Undefined where the suite or the mirror does not have it. */
  upstream(source: string): Promise<UpstreamArchive | undefined>;
}

/** Opens the files of a frozen suite. */
export async function openDebianFiles(archive: TestArchive): Promise<DebianFiles> {
  await using stack = new AsyncDisposableStack();
  const state = await openStateDirectory(archive.stateDirectory);
  const opened = stack.use(await new SnapshotStore(state, debian).open(archive.snapshot));
  const pool = new Pool(state, stack.use(new Downloader(await debian.downloadSettings())));
  const { frozenDirectory, snapshot } = opened;
  const catalog = await debian.openCatalog(frozenDirectory);
  const undo = stack.move();
  return {
    async closure(wanted) {
      const command = ['apt-get', '--print-uris', '--yes', 'install', ...wanted] as const;
      const files = parsePrintedUris(await askHostApt(frozenDirectory, snapshot.architecture, command));
      const ends = await pool.fetchAll(files);
      return files
        .map((file, index) => {
          const end = ends[index];
          if (end?.kind !== 'present') throw new Error(`the mirror does not have ${file.fileName}`);
          const { name, version, architecture } = file;
          return { name, version, architecture, path: end.path };
        })
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async upstream(source) {
      const found = catalog.findSource(source);
      if (found?.kind !== 'repository') return undefined;
      const file = found.files.find(({ fileName }) => /\.orig\.tar\.\w+$/.test(fileName));
      if (file === undefined) return undefined;
      // the security archive may lack what the archive itself has
      const elsewhere = { ...file, url: file.url.replace('-security/pool/updates/', '/pool/') };
      const here = await pool.fetch(file);
      const end = here.kind === 'present' ? here : await pool.fetch(elsewhere);
      if (end.kind !== 'present') return undefined;
      const version = found.version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
      return { version, fileName: basename(file.fileName), path: end.path };
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}
