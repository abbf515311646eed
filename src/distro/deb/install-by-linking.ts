// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { linkOrCopy, makeTemporaryDirectory, pathExists, writeText } from '../../host/files.ts';
import { linkTree } from '../../host/link-tree.ts';
import { RootDirectoryView } from '../../host/root-view.ts';
import type { InstallEnd, StagedInstall, StageRequest, UnfitLayers } from '../distribution.ts';
import type { Bind, Root } from '../root.ts';
import { localMount } from './apt-in-root.ts';
import { dpkgFailure, runDpkg } from './dpkg-in-root.ts';
import { withServicesOff } from './install-by-apt.ts';
import { installedAtOnceWith, reservedSince } from './link/installed-at-once.ts';
import { type LinkPlan, planLinks } from './link/link-plan.ts';
import { readDpkgDatabase, readReserved } from './link/read-database.ts';
import { readUnpackedPackage, type UnpackedPackage, unpackedLayout } from './link/unpacked-package.ts';
import { asksBeforeUnpacking, preconfigure } from './preconfigure.ts';

/**
 * Brings unpacked packages into a root by linking: what dpkg would have after unpacking them is made in `target`, which is
 * to lie over the root, and dpkg itself does the rest there. Undefined where only apt can install the set.
 */
export async function stageByLinking(
  request: StageRequest,
): Promise<StagedInstall | UnfitLayers | undefined> {
  const there = await readDpkgDatabase(request.view);
  if (there === undefined) return undefined;
  const unpacked = await Promise.all(request.packages.map(({ directory }) => readUnpackedPackage(directory)));
  const atOnceWith = installedAtOnceWith(unpacked);
  if (await isAnyThere(request.layers, atOnceWith)) return { kind: 'unfit-layers', paths: atOnceWith };
  const since = reservedSince(unpacked, await readReserved(request.base), there.reserved);
  if (since.length > 0) return { kind: 'unfit-layers', paths: since };
  const view = new RootDirectoryView(request.view);
  const plan = planLinks(view, there, unpacked);
  if (plan === undefined) return undefined;
  const notAsAtOnce = await putDownByLayers(request, plan.keptDirectories);
  if (notAsAtOnce.length > 0) return { kind: 'unfit-layers', paths: notAsAtOnce };
  await linkTree(request.target, plan.tree);
  await Promise.all(plan.texts.map(({ path, text }) => writeText(join(request.target, path), text)));
  const archives = new Map(request.packages.map(({ directory, archive }) => [directory, archive]));
  const archiveOf = (directory: string): string => archives.get(directory) ?? '';
  const asking = asksBeforeUnpacking(view)
    ? unpacked.filter(({ manifest }) => manifest.members.includes('templates'))
    : [];
  const questions = {
    status: there.status,
    archives: asking.map((one) => ({ name: archiveName(one), path: archiveOf(one.directory) })),
    scratchDirectory: request.scratchDirectory,
  };
  return {
    kind: 'staged',
    byPackagingSystem: plan.byDpkg,
    finish: (root) =>
      withServicesOff(root, async () => {
        const stopped = asking.length === 0 ? undefined : await preconfigure(root, questions);
        if (stopped !== undefined) return { kind: 'interrupted', end: stopped };
        return finish(root, plan, archiveOf, request.scratchDirectory);
      }),
  };
}

async function isAnyThere(layers: readonly string[], paths: readonly string[]): Promise<boolean> {
  for (const layer of layers) {
    for (const path of paths) if (await pathExists(join(layer, path))) return true;
  }
  return false;
}

/** Those paths that are not the base's own. */
async function putDownByLayers(request: StageRequest, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  if (request.layers.length === 0) return found;
  for (const path of paths) if (!(await pathExists(join(request.base, path)))) found.push(path);
  return found;
}

/** A name for an archive that no other one of a set has. */
function archiveName({ directory, name }: Pick<UnpackedPackage, 'directory' | 'name'>): string {
  return `${name}_${basename(directory)}.deb`;
}

/** dpkg's part: the packages that it has to unpack itself, then all maintainer scripts and triggers. */
async function finish(
  root: Root,
  plan: LinkPlan,
  archiveOf: (directory: string) => string,
  scratchDirectory: string,
): Promise<InstallEnd> {
  for (const round of plan.rounds) {
    if (round.configure.length > 0) {
      const end = dpkgFailure(await runDpkg(root, ['--no-triggers', '--configure', ...round.configure]));
      if (end !== undefined) return end;
    }
    if (round.unpack.length === 0) continue;
    await using archives = await makeTemporaryDirectory(scratchDirectory, 'archives-');
    const names: string[] = [];
    for (const { directory, name } of round.unpack) {
      const fileName = archiveName({ directory, name });
      const plain = join(directory, unpackedLayout.plain);
      const archive = (await pathExists(plain)) ? plain : archiveOf(directory);
      await linkOrCopy(archive, join(archives.path, fileName));
      names.push(join(localMount, fileName));
    }
    const bind: Bind = { source: archives.path, target: localMount };
    const end = dpkgFailure(await runDpkg(root, ['--no-triggers', '--unpack', ...names], [bind]));
    if (end !== undefined) return end;
  }
  return dpkgFailure(await runDpkg(root, ['--configure', '--pending'])) ?? { kind: 'installed' };
}
