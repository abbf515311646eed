// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { makeDirectory, pathExists, readText, writeText } from '../../host/files.ts';
import { atPriority, type Priority } from '../../host/priority.ts';
import { isSuccess } from '../../host/process.ts';
import { walkTree } from '../../host/tree-walk.ts';
import type { UnpackedFiles } from '../archive-check.ts';
import { fileLikeness } from './header/file-likeness.ts';
import { filesOf } from './header/header-files.ts';
import { runHostRpm } from './host-rpm.ts';
import { readRpmFile } from './open-rpm-file.ts';

/** In the directory that a package is unpacked to: its files, and what rpm compares them by with those of others, by path. */
const [data, likenesses] = ['data', 'likenesses.json'] as const;

/**
 * What rpm2archive says of a damaged package is known by the marker: a shell sees only the last command's status. Owners are of
 * no use here: these files are only looked at.
 */
const unpackScript = `
{ rpm2archive --nocompression - <"$1" || : >"$2/failed"; } |
  tar --extract --file=- --directory="$2/${data}" --no-same-owner --preserve-permissions --warning=no-timestamp`;

/**
 * Unpacks an .rpm into `directory` (existing, empty), for looking at its files: packages are installed by rpm itself. Throws
 * PasekaError bad-binary-package, disk-full, cancelled, tool-missing.
 */
export async function unpackPackage(
  path: string,
  directory: string,
  priority: Priority,
  signal?: AbortSignal,
): Promise<void> {
  await makeDirectory(join(directory, data));
  const result = await runHostRpm({
    command: atPriority(priority, ['/bin/sh', '-c', unpackScript, 'unpack', path, directory]),
    contained: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (isSuccess(result.end) && !(await pathExists(join(directory, 'failed')))) {
    const { header } = await readRpmFile(path, 'binary');
    const pairs = filesOf(header).map((file) => [file.path, fileLikeness(file)]);
    return await writeText(join(directory, likenesses), JSON.stringify(pairs));
  }
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  const isFull = /No space left|Disk quota exceeded/.test(result.stderr);
  throw new PasekaError(
    isFull ? 'disk-full' : 'bad-binary-package',
    `${path} could not be unpacked: ${said === '' ? result.end.kind : said}`,
    isFull ? 'free some space (paseka gc), or use --state-dir on a larger disk' : 'fetch or build it anew',
  );
}

/** The files of an unpacked package. No package moves another's files out of its way. */
export async function readUnpackedFiles(directory: string): Promise<UnpackedFiles> {
  const place = join(directory, data);
  const known = new Map(JSON.parse(await readText(join(directory, likenesses))) as [string, string][]);
  const files: UnpackedFiles['files'][number][] = [];
  for await (const { path, stats } of walkTree(place)) {
    if (stats.isDirectory()) continue;
    const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symlink' : 'special';
    const likeness = known.get(`/${path}`);
    files.push({
      path: mergedPath(`/${path}`),
      kind,
      location: join(place, path),
      ...(likeness === undefined ? {} : { likeness }),
    });
  }
  return { files, movesAway: () => false };
}

/** At its real place in a root whose /bin, /sbin and /lib are links into /usr, as they are everywhere now. */
function mergedPath(path: string): string {
  return path.replace(/^\/(bin|sbin|lib|lib32|lib64|libx32)\//, '/usr/$1/');
}
