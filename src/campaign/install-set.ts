// SPDX-License-Identifier: GPL-2.0-or-later
import type { InstallEnd, LocalPackage, ResolvedPackage } from '../distro/distribution.ts';
import type { ResolveContext } from '../distro/resolution.ts';
import type { Root } from '../distro/root.ts';
import type { Base } from '../layers/base-store.ts';
import type { CampaignContext } from './campaign-context.ts';

/** A resolved set over a base. */
export interface DependencyRequest {
  readonly base: Base;
  readonly resolveContext: ResolveContext;
  readonly packages: readonly ResolvedPackage[];
  readonly removed: readonly string[];
}

export type NotInstalled = Exclude<InstallEnd, { kind: 'installed' }>;

/** Installs the whole set into a root by the packaging system alone; what needs `absent` in it is made ready for it. */
export async function installSet(
  context: CampaignContext,
  root: Root,
  request: DependencyRequest,
  absent?: LocalPackage,
): Promise<NotInstalled | undefined> {
  const end = await context.distribution.installPackages(root, request.resolveContext, {
    packages: request.packages,
    removed: request.removed,
    pathOf: (file) => context.pool.pathOf(file.sha256),
    ...(absent === undefined ? {} : { absent }),
  });
  return end.kind === 'installed' ? undefined : end;
}
