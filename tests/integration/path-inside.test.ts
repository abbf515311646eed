// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDpkgDatabase } from '../../src/distro/deb/link/read-database.ts';
import { entryInside, pathInside, readTextInside } from '../../src/host/path-inside.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

test('links of a root are followed as from inside it, and never out of it', async () => {
  await using directory = await makeTemporaryDirectory();
  const root = join(directory.path, 'root');
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'etc/passwd'), 'of the root\n');
  await symlink('usr/bin', join(root, 'bin'));
  await symlink('/etc', join(root, 'absolute'));
  await symlink('../../../../etc/passwd', join(root, 'usr/bin/climbing'));
  await symlink('/absolute/passwd', join(root, 'chain'));
  await symlink('loop', join(root, 'loop'));
  for (const [path, place] of [
    ['/', ''],
    ['bin/sh', 'usr/bin/sh'],
    ['/bin/../../absolute/new/file', 'etc/new/file'],
    ['usr/bin/climbing', 'etc/passwd'],
    ['../../etc', 'etc'],
    ['chain', 'etc/passwd'],
  ] as const) {
    expect(await pathInside(root, path), path).toBe(join(root, place));
  }
  expect(await entryInside(root, '/bin/climbing')).toBe(join(root, 'usr/bin/climbing'));
  await expect(pathInside(root, 'loop')).rejects.toMatchObject({ code: 'ELOOP' });
  expect(await readTextInside(root, 'chain')).toBe('of the root\n');
});

test('a pipe or a directory is no text, and nobody waits for it', async () => {
  await using directory = await makeTemporaryDirectory();
  spawnSync('mkfifo', [join(directory.path, 'pipe')]);
  for (const name of ['pipe', '.', 'absent']) {
    expect(await readTextInside(directory.path, name)).toBeUndefined();
  }
});

test("dpkg's database is read through the links of its root, never through those of this host", async () => {
  await using directory = await makeTemporaryDirectory();
  const [root, outside] = [join(directory.path, 'root'), join(directory.path, 'outside')];
  await mkdir(join(root, 'srv/dpkg/triggers'), { recursive: true });
  await mkdir(join(root, 'var/lib'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, 'diversions'), '/usr/bin/of-the-host\n/usr/bin/diverted\n:\n');
  await symlink('/srv/dpkg', join(root, 'var/lib/dpkg'));
  expect(await readDpkgDatabase(root)).toBeUndefined();
  await writeFile(join(root, 'srv/dpkg/status'), 'Package: inside\nStatus: install ok installed\n');
  await symlink(join(outside, 'diversions'), join(root, 'srv/dpkg/diversions'));
  await writeFile(join(root, 'srv/dpkg/statoverride'), 'root root 4755 /usr/bin/inside\n');
  const database = await readDpkgDatabase(root);
  expect([...(database?.known ?? [])]).toEqual(['inside']);
  expect([...(database?.reserved ?? [])]).toEqual(['/usr/bin/inside']);
});
