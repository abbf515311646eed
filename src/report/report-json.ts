// SPDX-License-Identifier: GPL-2.0-or-later
import { failureClusters } from '../events/failure-clusters.ts';
import { type CampaignRecord, failingSince } from './campaign-record.ts';
import { type DocumentOptions, rebuildDocument } from './rebuild-json.ts';
import { treeEntries } from './tree-lists.ts';

/** The document of `campaign report --json`: that of `rebuild`, and what is known over campaigns. Times are ISO 8601. */
export function reportDocument(record: CampaignRecord, options: DocumentOptions): object {
  const { state } = record;
  const failed = treeEntries(record).flatMap(({ place, task }) => (place === 'error' ? [task] : []));
  return {
    ...rebuildDocument(state, options),
    verdicts: Object.fromEntries(state.totals.byVerdict),
    clusters: failureClusters(state).map(({ tasks, key: _, ...cluster }) => ({
      ...cluster,
      sources: tasks.map((task) => state.tasks.get(task)?.source ?? ''),
    })),
    failingSince: failingSince(record, failed).map(({ source, version, since }) => ({
      source,
      version,
      since: new Date(since).toISOString(),
    })),
  };
}
