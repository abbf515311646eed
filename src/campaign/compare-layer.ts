// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import type { InstallEnd } from '../distro/distribution.ts';
import type { Root } from '../distro/root.ts';
import { compareTrees, type TreeDifference } from '../host/compare-trees.ts';
import type { LayerMade } from '../layers/layer-request.ts';
import type { CampaignContext } from './campaign-context.ts';
import { compareDescriptions, type DescriptionDifference } from './compare-descriptions.ts';
import { ensureLayer } from './dependency-layer.ts';
import { type DependencyRequest, installSet } from './install-set.ts';
import { fetchPackages } from './prepare-attempt.ts';
import { interrupted } from './run-command.ts';
import { type TaskRun, withTaskRoot } from './with-task-root.ts';

/** How a layer was made, and in what a root over it differs from one in which the packaging system did all. */
export interface LayerComparison {
  readonly made: LayerMade['kind'];
  /** Paths that were in either. */
  readonly paths: number;
  readonly differences: readonly (TreeDifference | DescriptionDifference)[];
}

/**
 * Compares a root over the layer of a set (made if it isn't there) with one in which the packaging system alone has
 * installed it. Throws PasekaError file-not-on-mirror, unsatisfiable-packages where the set does not install, cancelled.
 */
export function compareLayer(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
): Promise<LayerComparison> {
  return withPlainInstallation(context, run, request, (plain) =>
    compareLayerWith(context, run, request, plain),
  );
}

/** Gives `use` a root in which the packaging system alone has installed the set; throws as {@link compareLayer}. */
export async function withPlainInstallation<T>(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  use: (plain: Root) => Promise<T>,
): Promise<T> {
  const missing = await fetchPackages(context, request.packages, run.signal);
  if (missing !== undefined) {
    throw new PasekaError(
      'file-not-on-mirror',
      `the mirror does not have ${missing.url}`,
      'create a newer snapshot',
    );
  }
  const plainRun: TaskRun = { ...run, options: { ...run.options, upper: { kind: 'disk' } } };
  return withTaskRoot(context, plainRun, [request.base.directory], async (plain) => {
    const failure = await installSet(context, plain, request);
    if (failure !== undefined) throw notInstalled(failure);
    return use(plain);
  });
}

/** {@link compareLayer} with a root that is there already. */
export async function compareLayerWith(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  plain: Root,
): Promise<LayerComparison> {
  const layer = await ensureLayer(context, run, request);
  if (layer.kind === 'failed') throw notInstalled(layer.failure);
  if (layer.kind === 'no-room') {
    throw new PasekaError('disk-full', 'there is no room for a layer', 'free some (paseka gc)');
  }
  using below = layer.use;
  return await withTaskRoot(context, run, below.lower, async (root) => {
    const { comparison } = context.distribution;
    const { paths, differences } = await compareTrees(root.directory, plain.directory, comparison);
    const said = compareDescriptions(await describe(context, root), await describe(context, plain));
    return { made: layer.made, paths, differences: [...differences, ...said] };
  });
}

async function describe({ distribution }: CampaignContext, root: Root): Promise<readonly string[]> {
  const description = await distribution.describeRoot?.(root);
  if (description?.kind === 'interrupted') throw interrupted(description.end);
  return description?.lines ?? [];
}

function notInstalled(end: Exclude<InstallEnd, { kind: 'installed' }>): PasekaError {
  if (end.kind === 'failed') {
    return new PasekaError(
      'unsatisfiable-packages',
      end.reason,
      'a package of the snapshot does not install',
    );
  }
  return interrupted(end.end);
}
