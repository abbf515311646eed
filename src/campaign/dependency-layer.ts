// SPDX-License-Identifier: GPL-2.0-or-later
import type { Buildroot } from '../buildroot/buildroot.ts';
import type { InstallEnd, LocalPackage, ResolveContext, ResolvedPackage } from '../distro/distribution.ts';
import type { Root } from '../distro/root.ts';
import type { Base } from '../layers/base-store.ts';
import type { CampaignContext } from './campaign-context.ts';
import { makeLayer } from './make-layer.ts';
import { type TaskRun, withTaskRoot } from './with-task-root.ts';

export interface DependencyRequest {
  readonly base: Base;
  readonly resolveContext: ResolveContext;
  readonly packages: readonly ResolvedPackage[];
  readonly removed: readonly string[];
  /** What they are the dependencies of, where it is not to be there itself. */
  readonly dependenciesOf?: LocalPackage;
}

export type NotInstalled = Exclude<InstallEnd, { kind: 'installed' }>;

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
  const layer =
    context.layers === undefined
      ? { kind: 'no-room' as const }
      : await context.layers.ensure<NotInstalled>({
          base: request.base,
          packages: request.packages.map((chosen) => chosen.sha256),
          removed: request.removed,
          make: (place) => makeLayer(context, run, request, place),
          signal: run.signal,
        });
  if (layer.kind === 'failed') return layer.failure;
  if (layer.kind === 'layer') {
    return { kind: 'ready', result: await withTaskRoot(context, run, layer.lower, use) };
  }
  return withTaskRoot(context, run, [request.base.directory], async (root, buildroot): Promise<DependencyEnd<T>> => {
    const failure = await install(context, root, request);
    return failure ?? { kind: 'ready', result: await use(root, buildroot) };
  });
}

/** Installs the whole set into a root by the packaging system alone. */
export async function install(
  context: CampaignContext,
  root: Root,
  request: DependencyRequest,
): Promise<NotInstalled | undefined> {
  const end = await context.distribution.installPackages(root, request.resolveContext, {
    packages: request.packages,
    removed: request.removed,
    pathOf: (file) => context.pool.pathOf(file.sha256),
    ...(request.dependenciesOf === undefined ? {} : { dependenciesOf: request.dependenciesOf }),
  });
  return end.kind === 'installed' ? undefined : end;
}
