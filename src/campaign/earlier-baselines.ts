// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignStore } from '../db/campaign-store.ts';
import type { PackageHistory } from '../db/package-history.ts';
import type { CampaignState } from '../events/campaign-state.ts';

/**
 * Earlier campaigns on the snapshot of this one, without any change, that have tried a source of it; newest first.
 * @param isAlike whether what a campaign was asked for lets its results stand for ours, by its request.
 */
export function earlierBaselines(
  { store, history }: { readonly store: CampaignStore; readonly history: PackageHistory },
  candidate: CampaignState,
  isAlike: (request: string) => boolean,
): CampaignState[] {
  const usable = new Set(
    store
      .list()
      .filter(({ id, snapshot, overlay }) => {
        return id !== candidate.id && snapshot === candidate.snapshot && overlay === undefined;
      })
      .filter(({ id }) => isAlike(store.request(id)))
      .map(({ id }) => id),
  );
  const found = new Set<string>();
  for (const { source } of candidate.tasks.values()) {
    if (found.size === usable.size) break;
    for (const { campaign } of history.outcomesOf(source)) if (usable.has(campaign)) found.add(campaign);
  }
  return [...usable].filter((id) => found.has(id)).map((id) => store.state(id));
}
