// SPDX-License-Identifier: GPL-2.0-or-later
import type { Buildroot } from '../buildroot/buildroot.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { Root } from '../distro/root.ts';
import type { LayerEnd, LayerRequest } from '../layers/layer-request.ts';
import type { LayerUse } from '../layers/layer-uses.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type DependencyRequest, installSet, type NotInstalled } from './install-set.ts';
import { makeLayer } from './make-layer.ts';
import { type TaskRun, withTaskRoot } from './with-task-root.ts';

export type DependencyEnd<T> = { readonly kind: 'ready'; readonly result: T } | NotInstalled;

/**
 * Gives `use` a fresh private root in which the packages are installed: over a layer where this host can have layers
 * and there is room for one, else by installing into the root itself.
 */
export async function withDependencies<T>(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  use: (root: Root, buildroot: Buildroot) => Promise<T>,
): Promise<DependencyEnd<T>> {
  const layer = await ensureLayer(context, run, request);
  if (layer.kind === 'failed') return layer.failure;
  if (layer.kind === 'layer') {
    using below = layer.use;
    return { kind: 'ready', result: await withTaskRoot(context, run, below.lower, use) };
  }
  return withOwnInstallation(context, run, request, use);
}

/**
 * The same for the dependencies of a package that is to be installed then. Where they need it in turn, the packaging system does
 * not take them alone; then they are made ready for it, in a root that is no layer: not all of them are installed.
 */
export async function withDependenciesOf<T>(
  context: CampaignContext,
  run: TaskRun,
  absent: LocalPackage,
  request: DependencyRequest,
  use: (root: Root) => Promise<T>,
): Promise<DependencyEnd<T>> {
  const end = await withDependencies(context, run, request, use);
  if (end.kind !== 'failed') return end;
  run.log.line(`not installed without ${absent.name}: ${end.reason}`);
  return withOwnInstallation(context, run, request, use, absent);
}

function withOwnInstallation<T>(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
  use: (root: Root, buildroot: Buildroot) => Promise<T>,
  absent?: LocalPackage,
): Promise<DependencyEnd<T>> {
  return withTaskRoot(
    context,
    run,
    [request.base.directory],
    async (root, buildroot): Promise<DependencyEnd<T>> => {
      const failure = await installSet(context, root, request, absent);
      return failure ?? { kind: 'ready', result: await use(root, buildroot) };
    },
  );
}

/** The layer of a set if it is there; then none of its packages has to be. The caller disposes of its use. */
export async function findLayer(
  context: CampaignContext,
  request: DependencyRequest,
): Promise<LayerUse | undefined> {
  const found = await context.layers?.find(digestsOf(request));
  return found?.use;
}

/** The layer of a set, made if it isn't there and can be; the caller disposes of its use. */
export async function ensureLayer(
  context: CampaignContext,
  run: TaskRun,
  request: DependencyRequest,
): Promise<LayerEnd<NotInstalled>> {
  if (context.layers === undefined) return { kind: 'no-room' };
  return context.layers.ensure<NotInstalled>({
    ...digestsOf(request),
    make: (place) => makeLayer(context, run, request, place),
    signal: run.signal,
  });
}

function digestsOf({
  base,
  packages,
  removed,
}: DependencyRequest): Pick<LayerRequest<unknown>, 'base' | 'packages' | 'removed'> {
  return { base, packages: packages.map(({ sha256 }) => sha256), removed };
}
