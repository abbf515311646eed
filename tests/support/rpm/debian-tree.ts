// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { type Paragraph, parseDeb822 } from '../../../src/distro/deb/deb822.ts';
import { runTool } from '../run-tool.ts';
import { type Alternative, parseAlternatives, versionedTools } from './alternatives.ts';
import type { DebianPackage } from './debian-files.ts';
import { normaliseTree } from './normalise-tree.ts';

/** A package of Debian's unpacked, its files where an RPM distribution has them. */
export interface DebianTree {
  readonly name: string;
  readonly version: string;
  readonly isArchitectureIndependent: boolean;
  readonly isEssential: boolean;
  readonly control: Paragraph;
  readonly tree: string;
  /** Absolute paths of its configuration files. */
  readonly configuration: ReadonlySet<string>;
  readonly alternatives: readonly Alternative[];
  /** Paths like `/bin/cat` under which its files may be asked for. */
  readonly formerPaths: readonly string[];
  readonly languages: readonly string[];
}

/** Unpacks a .deb to `directory`/NAME. Its maintainer scripts are dropped. */
export async function unpackDebianPackage(one: DebianPackage, directory: string): Promise<DebianTree> {
  const tree = join(directory, one.name);
  const description = join(directory, `${one.name}.control`);
  await runTool(['dpkg-deb', '--extract', one.path, tree]);
  await runTool(['dpkg-deb', '--control', one.path, description]);
  const read = async (name: string): Promise<string> =>
    fs.readFile(join(description, name), 'utf8').catch(() => '');
  const [control = new Map<string, string>()] = parseDeb822(await read('control'));
  const conffiles = (await read('conffiles')).split('\n').filter((path) => path.startsWith('/'));
  const alternatives = [...parseAlternatives(await read('postinst')), ...(await versionedTools(tree))];
  await fs.rm(description, { recursive: true });
  const { moved, languages } = await normaliseTree(tree);
  const isEssential = control.get('essential') === 'yes';
  const formerPaths = new Set([...moved, ...(isEssential ? await programsOf(tree) : [])]);
  await moveShell(one.name, tree, formerPaths);
  return {
    name: one.name,
    version: one.version,
    isArchitectureIndependent: one.architecture === 'all',
    isEssential,
    control,
    tree,
    configuration: new Set(conffiles),
    alternatives,
    formerPaths: [...formerPaths].toSorted(),
    languages,
  };
}

async function programsOf(tree: string): Promise<string[]> {
  const paths: string[] = [];
  for (const place of ['bin', 'sbin']) {
    const names = await fs.readdir(join(tree, 'usr', place)).catch(() => []);
    paths.push(...names.map((name) => `/${place}/${name}`));
  }
  return paths;
}

/** Spec files are written for a /bin/sh that is bash. */
async function moveShell(name: string, tree: string, formerPaths: Set<string>): Promise<void> {
  const shell = join(tree, 'usr/bin/sh');
  if (name === 'dash') {
    await fs.rm(shell, { force: true });
    formerPaths.delete('/bin/sh');
  } else if (name === 'bash') {
    await fs.symlink('bash', shell);
    formerPaths.add('/bin/sh');
  }
}
