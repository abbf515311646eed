// SPDX-License-Identifier: GPL-2.0-or-later
import type { AttemptState, TaskState } from '../../events/campaign-state.ts';
import { slimCampaign } from '../../events/slim-campaign.ts';
import type { CampaignFeed } from '../campaign-feed.ts';
import type { ReportParts } from '../server-parts.ts';
import { taskDocument } from '../task-document.ts';
import { timelineOf } from '../timeline.ts';

/** Documents of the API by their paths: what the page asks for when it is a file. */
export type Documents = Record<string, unknown>;

type Parts = Pick<ReportParts, 'campaigns' | 'packages' | 'files'>;

const logLines = 400;
const linesBeforeDecisive = 150;

/** The campaign itself and the list that has only it. */
export function campaignDocuments(parts: Parts, feed: CampaignFeed): Documents {
  const summary = parts.campaigns.find(feed.id);
  const { change } = feed.state;
  return {
    '/api/campaigns': { campaigns: [{ ...summary, ...(change === undefined ? {} : { change }) }] },
    [`/api/campaigns/${feed.id}`]: { summary, slim: slimCampaign(feed.state) },
  };
}

export function timelineDocuments(feed: CampaignFeed): Documents {
  return { [`/api/campaigns/${feed.id}/timeline`]: timelineOf(feed.state) };
}

export function resourceDocuments(feed: CampaignFeed): Documents {
  return { [`/api/campaigns/${feed.id}/resources`]: { seq: feed.state.seq, ...feed.series } };
}

/** Tasks, and of those that did not pass the part of the log that tells why. */
export async function taskDocuments(
  parts: Parts,
  feed: CampaignFeed,
  tasks: readonly TaskState[],
): Promise<Documents> {
  const documents: Documents = {};
  for (const task of tasks) {
    const path = `/api/campaigns/${feed.id}/tasks/${task.task}`;
    documents[path] = taskDocument(feed.state, task, parts.packages);
    for (const attempt of task.attempts) {
      if (attempt.outcome === undefined || attempt.outcome.kind === 'built') continue;
      const lines = await logPart(parts, feed.id, attempt);
      if (lines !== undefined) documents[`${path}/log?attempt=${attempt.attempt}`] = lines;
    }
  }
  return documents;
}

function logPart(
  { files }: Parts,
  campaign: string,
  { log, outcome }: AttemptState,
): ReturnType<ReportParts['files']['logLines']> {
  const decisive = outcome?.kind === 'failed' ? outcome.failure?.lines[0]?.line : undefined;
  const from = decisive === undefined ? -logLines : Math.max(1, decisive - linesBeforeDecisive);
  return files.logLines(campaign, log, from, logLines);
}
