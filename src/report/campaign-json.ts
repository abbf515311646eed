// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignSummary } from '../db/campaign-store.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import { failureClusters } from '../events/failure-clusters.ts';
import { type DocumentOptions, rebuildDocument } from './rebuild-json.ts';

/** A campaign in `campaign list --json`; times are ISO 8601. */
export function summaryDocument(summary: CampaignSummary): object {
  const { startedAt, endedAt, ...rest } = summary;
  return {
    ...rest,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined
      ? {}
      : { endedAt: new Date(endedAt).toISOString(), wallMs: endedAt - startedAt }),
  };
}

/** What `campaign show --json` prints: the document of `rebuild --json`, and what is known besides. */
export function campaignDocument(
  summary: CampaignSummary,
  state: CampaignState,
  options: DocumentOptions,
): object {
  const { campaign, ...document } = rebuildDocument(state, options);
  return {
    campaign: { ...campaign, ...summaryDocument(summary) },
    ...document,
    clusters: failureClusters(state).map(({ tasks, ...cluster }) => ({
      ...cluster,
      sources: tasks.map((task) => state.tasks.get(task)?.source),
    })),
    notes: state.notes.map(({ level, message, at }) => ({ level, message, at: new Date(at).toISOString() })),
  };
}

/**
 * What `campaign export` prints: everything that is known, to be read without this program. `format` is raised where a field
 * changes its meaning.
 */
export function exportDocument(
  summary: CampaignSummary,
  state: CampaignState,
  options: DocumentOptions,
): object {
  const attempts = [...state.tasks.values()].map((task) => ({
    source: task.source,
    version: task.version,
    attempts: task.attempts.map(({ log, startedAt, endedAt, ...attempt }) => ({
      ...attempt,
      startedAt: new Date(startedAt).toISOString(),
      ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
      log: options.logPath(log),
    })),
  }));
  return { format: 1, ...campaignDocument(summary, state, options), change: state.change, attempts };
}
