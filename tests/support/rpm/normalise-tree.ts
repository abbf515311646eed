// SPDX-License-Identifier: GPL-2.0-or-later
import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { droppedDirectories } from './package-lists.ts';

/** What changed of a package's tree that others have to know. */
export interface NormalTree {
  /** Names below /bin and /sbin that moved, by their former paths: dependencies name those. */
  readonly moved: readonly string[];
  /** Languages that it had translations for. */
  readonly languages: readonly string[];
}

/** Moves what stands outside of /usr there, and drops documentation. */
export async function normaliseTree(tree: string): Promise<NormalTree> {
  const languages = await namesIn(join(tree, 'usr/share/locale'));
  for (const path of droppedDirectories) await fs.rm(join(tree, path), { recursive: true, force: true });
  const moved: string[] = [];
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const source = join(tree, name);
    const stats = await fs.lstat(source).catch(() => undefined);
    if (stats === undefined) continue;
    if (stats.isSymbolicLink()) {
      await fs.rm(source); // the package `filesystem` has these links
      continue;
    }
    if (name.endsWith('bin')) moved.push(...(await namesIn(source)).map((file) => `/${name}/${file}`));
    await fs.mkdir(join(tree, 'usr'), { recursive: true });
    await mergeInto(source, join(tree, 'usr', name));
  }
  return { moved, languages: languages.filter((name) => /^[a-z]{2,3}([_@]|$)/.test(name)) };
}

/** A path with what moved to /usr at its new place. */
export function mergedPath(path: string): string {
  return path.replace(/^\/(bin|sbin|lib|lib32|lib64|libx32)\//, '/usr/$1/');
}

/** All entries below a tree, directories before what is in them, by absolute paths inside. */
export async function entriesOf(tree: string): Promise<readonly { path: string; entry: Dirent }[]> {
  const found = await fs.readdir(tree, { withFileTypes: true, recursive: true });
  return found
    .map((entry) => ({ path: join(entry.parentPath, entry.name).slice(tree.length), entry }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function namesIn(directory: string): Promise<string[]> {
  return (await fs.readdir(directory).catch(() => [])).toSorted();
}

async function mergeInto(source: string, target: string): Promise<void> {
  const isThere = await fs.lstat(target).catch(() => undefined);
  if (isThere === undefined) return fs.rename(source, target);
  for (const entry of await fs.readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await mergeInto(from, to);
    else await fs.rename(from, to);
  }
  await fs.rmdir(source);
}
