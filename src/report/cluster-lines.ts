// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState } from '../events/campaign-state.ts';
import { failureClusters } from '../events/failure-clusters.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

const mostClusters = 10;
const mostNames = 3;
/** Of a line: the table is for a terminal. */
const mostText = 100;

/** What several sources have in common that did not pass, the most frequent first; empty where nothing is shared. */
export function clusterLines(state: CampaignState, style: Style): string[] {
  const shared = failureClusters(state).filter(({ tasks }) => tasks.length > 1);
  if (shared.length === 0) return [];
  const rows = shared.slice(0, mostClusters).map((cluster) => {
    const names = cluster.tasks.map((task) => state.tasks.get(task)?.source ?? '');
    const rest = names.length - mostNames;
    return [
      `${cluster.tasks.length} sources`,
      style.dim(names.slice(0, mostNames).join(', ') + (rest > 0 ? ` and ${rest} more` : '')),
      cluster.class ?? cluster.kind,
      cluster.line.trim().slice(0, mostText),
    ];
  });
  const left = shared.length - rows.length;
  return [
    ...renderTable(['in common', '', '', ''].map(style.dim), rows, [1, 0, 0, 0]).split('\n'),
    ...(left > 0 ? [style.dim(`and ${left} more such groups`)] : []),
  ];
}
