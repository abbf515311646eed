// SPDX-License-Identifier: GPL-2.0-or-later
import type { ResolveContext } from '../distro/resolution.ts';
import type { Base } from '../layers/base-store.ts';
import type { CampaignContext } from './campaign-context.ts';

/** What the packaging system looks at when it resolves over this base. */
export function resolveContext(context: CampaignContext, base: Base): ResolveContext {
  return {
    frozenDirectory: context.snapshot.frozenDirectory,
    baseDirectory: base.directory,
    preparedDirectory: base.preparedDirectory,
    catalog: context.snapshot.catalog,
    scratchDirectory: context.scratchDirectory,
  };
}
