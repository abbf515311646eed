// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Distribution, ResolvedPackage, StagedInstall, UnfitLayers } from '../distro/distribution.ts';
import { emptyDirectory, isErrno, makeDirectory } from '../host/files.ts';
import { mergeUpper } from '../host/merge-upper.ts';
import type { LayerMade, LayerPlace, NotOverThat } from '../layers/layer-request.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type DependencyRequest, installSet, type NotInstalled } from './install-set.ts';
import { priorityOf, type TaskRun, withTaskRoot } from './with-task-root.ts';

/**
 * Makes a layer: by linking unpacked packages and letting the packaging system do the rest; where that can't be done or
 * does not succeed, by the packaging system alone, whose word is the last, and which then installs all at once over the
 * base. Over layers that would make something else of it than that does, it is not made. Where there is no linking, the
 * packaging system installs what is missing over any layer.
 */
export async function makeLayer(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  place: LayerPlace,
): Promise<LayerMade | NotOverThat | { readonly kind: 'failed'; readonly failure: NotInstalled }> {
  const isStaging = context.distribution.stagePackages !== undefined;
  if (isStaging && request.removed.length === 0) {
    const end = await makeByLinking(context, run, request, place);
    if (end === 'made') return { kind: 'linked' };
    if (end?.kind === 'unfit-layers') return { kind: 'not-over', paths: end.paths };
    if (end?.kind === 'interrupted') return { kind: 'failed', failure: end };
    if (end !== undefined) run.log.line(`not installed by linking: ${end.reason}`);
    const isOverBase = place.lower.length === 1;
    if (!isOverBase) return { kind: 'not-over', paths: ['/'] };
    await emptyDirectory(place.directory);
  }
  const keepIn = join(place.scratch, 'installed');
  await makeDirectory(keepIn);
  const wanted = isStaging ? request : { ...request, packages: missingOf(request, place) };
  const failure = await withTaskRoot(
    context,
    run,
    place.lower,
    (root) => installSet(context, root, wanted),
    keepIn,
  );
  if (failure !== undefined) return { kind: 'failed', failure };
  await mergeUpper(join(keepIn, 'upper'), place.directory);
  return { kind: 'installed' };
}

/** Undefined where only the packaging system can install the set. */
async function makeByLinking(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  place: LayerPlace,
): Promise<'made' | UnfitLayers | NotInstalled | undefined> {
  const { stagePackages } = context.distribution;
  if (stagePackages === undefined) return undefined;
  const staged = await stage(context, run, missingOf(request, place), place, stagePackages);
  if (staged?.kind !== 'staged') return staged;
  for (const { name, because } of staged.byPackagingSystem) run.log.line(`${name} is not linked: ${because}`);
  const keepIn = join(place.scratch, 'linked');
  await makeDirectory(keepIn);
  const end = await withTaskRoot(
    context,
    run,
    [place.directory, ...place.lower],
    (root) => staged.finish(root),
    keepIn,
  );
  if (end.kind !== 'installed') return end;
  await mergeUpper(join(keepIn, 'upper'), place.directory);
  return 'made';
}

/** What the layers below don't have. */
function missingOf({ packages }: DependencyRequest, { missing }: LayerPlace): ResolvedPackage[] {
  return missing.flatMap((index) => packages[index] ?? []);
}

async function stage(
  context: CampaignContext,
  run: TaskRun,
  packages: readonly ResolvedPackage[],
  place: LayerPlace,
  stagePackages: NonNullable<Distribution['stagePackages']>,
): Promise<StagedInstall | UnfitLayers | undefined> {
  const packed = packages.map((chosen) => ({
    ...chosen,
    archive: chosen.from === 'local' ? chosen.path : context.pool.pathOf(chosen.sha256),
  }));
  for (let isRetry = false; ; isRetry = true) {
    const directories = await context.unpacked.ensure(packed, priorityOf(run), run.signal);
    const unpacked = packed.map(({ archive }, index) => ({ archive, directory: directories[index] ?? '' }));
    const stageOver = (view: string): Promise<StagedInstall | UnfitLayers | undefined> =>
      stagePackages({
        view,
        base: place.lower.at(-1) ?? view,
        layers: place.lower.slice(0, -1),
        target: place.directory,
        packages: unpacked,
        scratchDirectory: place.scratch,
      });
    try {
      const [only, ...more] = place.lower;
      return more.length === 0 && only !== undefined
        ? await stageOver(only)
        : await withTaskRoot(context, run, place.lower, (root) => stageOver(root.directory));
    } catch (error) {
      if (isRetry || !isErrno(error, 'ENOENT')) throw error;
      // somebody removed files of an unpacked package by hand
      for (const { sha256 } of packed) await context.unpacked.remove(sha256);
      await emptyDirectory(place.directory);
    }
  }
}
