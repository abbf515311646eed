// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DebianTree } from './debian-tree.ts';
import { entriesOf } from './normalise-tree.ts';
import { distributionTag, libraryDirectory } from './rpmbuild.ts';

/** Directories and files that Debian's maintainer scripts make, or nobody's packages have. */
const directories: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ['boot', 'dev', 'etc', 'etc/rpm', 'home', 'media', 'mnt', 'opt', 'proc', 'run', 'srv', 'sys', 'usr']
      .concat(['usr/bin', 'usr/include', 'usr/lib', 'usr/lib64', 'usr/local', 'usr/sbin', 'usr/share'])
      .concat(['usr/share/doc', 'usr/share/info', 'usr/share/licenses', 'usr/share/locale', 'usr/share/man'])
      .concat(['usr/src', 'var', 'var/cache', 'var/lib', 'var/lib/rpm', 'var/log', 'var/spool'])
      .concat([1, 2, 3, 4, 5, 6, 7, 8, 9].map((section) => `usr/share/man/man${section}`))
      .map((path) => [path, 0o755]),
  ),
  root: 0o700,
  tmp: 0o1777,
  'var/tmp': 0o1777,
};

const links = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64' };

/**
 * Writes the tree of the package `filesystem`: directories that several packages have, the links of a merged /usr,
 * accounts. Gives the directories that are its own from now on.
 */
export async function writeFilesystem(
  tree: string,
  trees: readonly DebianTree[],
): Promise<ReadonlySet<string>> {
  const wanted = new Map<string, number>(
    Object.entries(directories).map(([path, mode]) => [`/${path}`, mode]),
  );
  const counts = new Map<string, number>();
  for (const one of trees) {
    for (const { path, entry } of await entriesOf(one.tree)) {
      if (!entry.isDirectory()) continue;
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      if (count < 3 || wanted.has(path)) continue;
      wanted.set(path, (await fs.stat(join(one.tree, path))).mode & 0o7777);
    }
  }
  for (const language of new Set(trees.flatMap(({ languages }) => languages))) {
    wanted.set(`/usr/share/locale/${language}`, 0o755);
    wanted.set(`/usr/share/locale/${language}/LC_MESSAGES`, 0o755);
  }
  for (const path of [...wanted.keys()]) {
    for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) {
      if (!wanted.has(parent)) wanted.set(parent, 0o755);
    }
  }
  await fs.mkdir(tree, { recursive: true });
  for (const [path, mode] of [...wanted].toSorted()) {
    await fs.mkdir(join(tree, path), { recursive: true });
    await fs.chmod(join(tree, path), mode);
  }
  for (const [path, target] of Object.entries(links)) await fs.symlink(target, join(tree, path));
  await writeAccounts(tree, trees);
  return new Set(wanted.keys());
}

async function writeAccounts(tree: string, trees: readonly DebianTree[]): Promise<void> {
  const master = trees.find(({ name }) => name === 'base-passwd')?.tree ?? '';
  for (const name of ['passwd', 'group']) {
    const text = await fs.readFile(join(master, `usr/share/base-passwd/${name}.master`), 'utf8');
    await fs.writeFile(join(tree, 'etc', name), text);
  }
  await fs.writeFile(join(tree, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
}

/** Writes the tree of the package `meadow-release`: what the distribution's own rpm is told. */
export async function writeRelease(tree: string): Promise<void> {
  const macros = {
    dist: distributionTag,
    meadow: '1',
    vendor: 'Meadow',
    // Debian's own is in the home directory of whoever runs rpm
    _dbpath: '/var/lib/rpm',
    _lib: libraryDirectory.slice('/usr/'.length),
    _libdir: libraryDirectory,
  };
  const lines = Object.entries(macros).map(([name, value]) => `%${name} ${value}\n`);
  await fs.mkdir(join(tree, 'etc/rpm'), { recursive: true });
  // not in /usr/lib/rpm/macros.d, which is read before the platform's
  await fs.writeFile(join(tree, 'etc/rpm/macros.dist'), lines.join(''));
  await fs.writeFile(join(tree, 'etc/meadow-release'), 'Meadow 1\n');
}
