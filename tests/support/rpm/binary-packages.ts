// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { linkAlternatives } from './alternatives.ts';
import type { DebianPackage } from './debian-files.ts';
import { type DebianTree, unpackDebianPackage } from './debian-tree.ts';
import { mapDepends, mapProvides, mapVersion } from './map-relations.ts';
import { entriesOf } from './normalise-tree.ts';
import { writeFilesystem, writeRelease } from './own-trees.ts';
import { buildRoot, furtherProvides, furtherScripts } from './package-lists.ts';
import type { RpmBuilder } from './rpmbuild.ts';
import { type SpecFile, specText, type TreePackage } from './spec-text.ts';

/** As many tools at once as a small machine has cores. */
const limit = pLimit(2);

/** What a root's own accounts are added to. */
const accounts: ReadonlySet<string> = new Set(['/etc/passwd', '/etc/group']);

/**
 * Makes RPM packages of Debian's, with three of the distribution's own (`filesystem`, `meadow-release`, `basesystem`) and
 * `buildsys-build`, which requires what every build starts with.
 */
export async function buildBinaryPackages(
  packages: readonly DebianPackage[],
  builder: RpmBuilder,
  scratchDirectory: string,
): Promise<void> {
  const place = join(scratchDirectory, 'trees');
  await fs.mkdir(place);
  const trees = await Promise.all(packages.map((one) => limit(() => unpackDebianPackage(one, place))));
  await linkAlternatives(trees);
  const ownTree = (name: string): string => join(place, `own-${name}`);
  const shared = await writeFilesystem(ownTree('filesystem'), trees);
  await writeRelease(ownTree('meadow-release'));
  const own = (name: string, requires: readonly string[]): Omit<TreePackage, 'files'> => ({
    name,
    version: { epoch: undefined, version: '1', release: '1' },
    isArchitectureIndependent: true,
    summary: `Part of the Meadow distribution: ${name}`,
    requires,
    provides: [],
    followsFilesystem: name !== 'filesystem',
    scripts: '',
  });
  const essential = trees.filter(({ isEssential }) => isEssential).map(({ name }) => name);
  const all: readonly { readonly tree: string; readonly described: TreePackage }[] = [
    ...(await Promise.all(
      trees.map(async (one) => ({ tree: one.tree, described: await describe(one, shared) })),
    )),
    ...(await Promise.all(
      [
        own('filesystem', []),
        own('meadow-release', []),
        own('basesystem', ['filesystem', 'meadow-release', 'passwd', ...essential]),
        own('buildsys-build', ['basesystem', ...buildRoot]),
      ].map(async (one) => {
        const tree = ownTree(one.name);
        await fs.mkdir(tree, { recursive: true });
        const owned = one.name === 'filesystem' ? new Set<string>() : shared;
        return { tree, described: { ...one, files: await specFiles(tree, owned, accounts) } };
      }),
    )),
  ];
  const builds = await Promise.allSettled(
    all.map(({ tree, described }) =>
      limit(async () => {
        const spec = join(place, `${described.name}.spec`);
        await fs.writeFile(spec, specText(described, tree));
        await builder.buildBinary(spec);
      }),
    ),
  );
  // not before all have ended: whoever is told removes the directory
  const failed = builds.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function describe(one: DebianTree, shared: ReadonlySet<string>): Promise<TreePackage> {
  const field = (name: string): string => one.control.get(name) ?? '';
  return {
    name: one.name,
    version: mapVersion(one.version),
    isArchitectureIndependent: one.isArchitectureIndependent,
    summary: field('description').split('\n')[0] || one.name,
    requires: [...mapDepends(field('pre-depends')), ...mapDepends(field('depends'))],
    provides: [...mapProvides(field('provides')), ...one.formerPaths, ...(furtherProvides[one.name] ?? [])],
    followsFilesystem: true,
    scripts: furtherScripts[one.name] ?? '',
    files: await specFiles(one.tree, shared, one.configuration),
  };
}

async function specFiles(
  tree: string,
  owned: ReadonlySet<string>,
  configuration: ReadonlySet<string>,
): Promise<SpecFile[]> {
  const files: SpecFile[] = [];
  for (const { path, entry } of await entriesOf(tree)) {
    if (entry.isDirectory()) {
      if (!owned.has(path)) files.push({ path, kind: 'directory' });
    } else {
      files.push({ path, kind: configuration.has(path) ? 'configuration' : 'other' });
    }
  }
  return files;
}
