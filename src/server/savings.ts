// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState } from '../events/campaign-state.ts';
import type { HostReport } from './api/host.ts';

export type Savings = NonNullable<HostReport['savings']>;

/**
 * What the campaign's workers would have taken with a private copy each of what they share: the package index (R4 to R6
 * of what started this program: each builder kept its own), and the base root that each would have unpacked.
 */
export function savingsOf(host: Omit<HostReport, 'savings'>, state: CampaignState): Savings {
  const { workers } = state;
  const index = host.snapshots.find(({ id }) => id === state.snapshot)?.bytes ?? 0;
  const root = host.bases.find(({ variant }) => variant === 'build')?.bytes ?? 0;
  const overheads = [...state.tasks.values()].flatMap(({ attempts }) =>
    attempts.flatMap(({ usage, outcome }) =>
      usage !== undefined && outcome?.kind === 'built' ? [usage.wallMs - usage.buildMs] : [],
    ),
  );
  overheads.sort((a, b) => a - b);
  return {
    campaign: state.id,
    workers,
    index: { onceBytes: index, copiesBytes: index * workers },
    roots: { onceBytes: root, copiesBytes: root * workers },
    overheadMs: overheads[Math.floor(overheads.length / 2)] ?? null,
    attempts: overheads.length,
  };
}
