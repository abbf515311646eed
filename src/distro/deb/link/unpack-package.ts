// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../../base/paseka-error.ts';
import {
  listDirectory,
  makeDirectory,
  pathExists,
  readLink,
  readTextIfExists,
  writeText,
} from '../../../host/files.ts';
import { hashFileAs } from '../../../host/hash-file.ts';
import { atPriority, type Priority } from '../../../host/priority.ts';
import { isSuccess, runProcess } from '../../../host/process.ts';
import { toolEnvironment } from '../../../host/tool-environment.ts';
import { walkTree } from '../../../host/tree-walk.ts';
import { isInertPreinst } from './inert-script.ts';
import { writePlainArchive } from './plain-archive.ts';
import { type Manifest, type UnpackedEntry, unpackedLayout } from './unpacked-package.ts';

/**
 * Owners by number, as they are in every Debian root, whatever names this host has for them. What dpkg-deb says of a
 * damaged archive is known by the marker: a shell sees only the last command's status.
 */
const unpackScript = `
dpkg-deb --control "$1" "$2/${unpackedLayout.control}" || exit
{ dpkg-deb --fsys-tarfile "$1" || : > "$2/failed"; } |
  tar --extract --file=- --directory="$2/${unpackedLayout.data}" --numeric-owner --same-owner --preserve-permissions \\
    --warning=no-timestamp`;

/**
 * Unpacks a .deb into `directory` (existing, empty) with owners, modes and times, and describes it. To be called as root
 * or root of a user namespace. Throws PasekaError bad-binary-package, disk-full, cancelled.
 */
export async function unpackPackage(
  path: string,
  directory: string,
  priority: Priority,
  signal?: AbortSignal,
): Promise<void> {
  await makeDirectory(join(directory, unpackedLayout.data));
  const result = await runProcess({
    command: atPriority(priority, ['/bin/sh', '-c', unpackScript, 'unpack', path, directory]),
    environment: toolEnvironment(),
    contained: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.end.kind === 'cancelled') {
    throw new PasekaError('cancelled', 'unpacking was cancelled', 'run the same command again');
  }
  if (!isSuccess(result.end) || (await pathExists(join(directory, 'failed')))) {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    const isFull = /No space left|Disk quota exceeded/.test(result.stderr);
    throw new PasekaError(
      isFull ? 'disk-full' : 'bad-binary-package',
      `${path} could not be unpacked: ${said === '' ? result.end.kind : said}`,
      isFull ? 'free some space (paseka gc), or use --state-dir on a larger disk' : 'fetch or build it anew',
    );
  }
  const entries = await describe(join(directory, unpackedLayout.data));
  await writeChecksums(directory, entries);
  const preinst = (await readTextIfExists(join(directory, unpackedLayout.control, 'preinst'))) ?? '';
  if (!isInertPreinst(preinst)) {
    await writePlainArchive(path, join(directory, unpackedLayout.plain), priority, signal);
  }
  const manifest: Manifest = {
    entries,
    members: (await listDirectory(join(directory, unpackedLayout.control))).filter(
      (name) => name !== 'control',
    ),
  };
  await writeText(join(directory, unpackedLayout.manifest), JSON.stringify(manifest));
}

/** A package that brings no checksums gets them from dpkg when it is unpacked. */
async function writeChecksums(directory: string, entries: readonly UnpackedEntry[]): Promise<void> {
  const path = join(directory, unpackedLayout.control, 'md5sums');
  if (await pathExists(path)) return;
  const lines: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const digest = await hashFileAs('md5', join(directory, unpackedLayout.data, entry.path));
    lines.push(`${digest}  ${entry.path.slice(1)}\n`);
  }
  await writeText(path, lines.join(''), 0o644);
}

/** All paths below, sorted so that parents stand before children. */
async function describe(data: string): Promise<UnpackedEntry[]> {
  const entries: UnpackedEntry[] = [];
  for await (const { path: relative, stats } of walkTree(data)) {
    const path = `/${relative}`;
    if (stats.isDirectory()) {
      const [mode, uid, gid] = [Number(stats.mode) & 0o7777, Number(stats.uid), Number(stats.gid)];
      entries.push({ kind: 'directory', path, mode, uid, gid });
    } else if (stats.isFile()) {
      entries.push({ kind: 'file', path });
    } else if (stats.isSymbolicLink()) {
      entries.push({ kind: 'symlink', path, target: await readLink(join(data, relative)) });
    } else {
      entries.push({ kind: 'special', path });
    }
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}
