// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command } from 'commander';
import { unreachable } from '../../base/invariant.ts';
import type { CampaignStore, CampaignSummary } from '../../db/campaign-store.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import { failureClusters } from '../../events/failure-clusters.ts';
import { currentLogPath } from '../../host/log/log-paths.ts';
import { campaignDocument } from '../../report/campaign-json.ts';
import type { Style } from '../../report/style.ts';
import { summaryTable } from '../../report/summary-table.ts';
import { trialText } from '../../report/trial-text.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, listOption } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { findTasks } from './find-task.ts';
import { openCampaigns } from './open-campaigns.ts';

interface Options extends CommonOptions {
  readonly outcome?: readonly string[];
}

/** Clusters of fewer tasks are no news beside the tasks themselves. */
const leastCluster = 2;

/** `paseka campaign show`. */
export function showVerb(): Verb {
  const command = new Command('show')
    .description('what became of each source of a campaign, and why')
    .argument('<ID>', 'its id, or the beginning of it')
    .argument('[SOURCE...]', 'only these: NAME or NAME=VERSION')
    .option('--outcome <OUTCOME>', 'only what ended so (built, failed, ...); may be repeated', listOption);
  return { command: addCommonOptions(command), run: runShow };
}

async function runShow(id: string, words: readonly string[], options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const summary = campaigns.store.find(id);
  const state = campaigns.store.state(summary.id);
  const named = words.length === 0 ? undefined : new Set(words.flatMap((word) => findTasks(state, word)));
  const isWanted = (task: TaskState): boolean =>
    (named?.has(task) ?? true) && (options.outcome?.includes(task.outcome?.kind ?? '') ?? true);
  const directory = join(campaigns.state.campaigns, summary.id);
  const logPath = (log: string): string => currentLogPath(join(directory, log));
  output.result(campaignDocument(summary, state, { directory, logPath, isWanted }), () => {
    const heading = `${output.style.bold(summary.id)}  ${statusText(summary)}\n`;
    const facts = `${summary.suite}, ${summary.architecture}, snapshot ${summary.snapshot.slice(0, 12)}\n\n`;
    const clusters = clusterText(state, output.style);
    const verdicts =
      state.change === undefined ? '' : `\n${verdictText(campaigns.store, state, output.style)}`;
    return `${heading}${facts}${summaryTable(state, output.style, isWanted)}${clusters}packages and logs in ${directory}\n${verdicts}`;
  });
  return exitStatus.passed;
}

function statusText({ status, id, ended, tasks }: CampaignSummary): string {
  switch (status) {
    case 'running':
      return `running, ${ended} of ${tasks} done`;
    case 'interrupted':
      return `interrupted, ${ended} of ${tasks} done: paseka campaign resume ${id} goes on`;
    case 'cancelled':
      return `cancelled: paseka campaign resume ${id} goes on`;
    case 'ended':
      return 'ended';
    default:
      return unreachable(status);
  }
}

/** What the change did, as far as that was judged. */
function verdictText(store: CampaignStore, state: CampaignState, style: Style): string {
  const baseline = store.list().find(({ baselineOf }) => baselineOf === state.id);
  const told =
    baseline === undefined ? undefined : { id: baseline.id, cancelled: baseline.status !== 'ended' };
  return trialText(state, told, style);
}

function clusterText(state: CampaignState, style: Style): string {
  const clusters = failureClusters(state).filter(({ tasks }) => tasks.length >= leastCluster);
  const lines = clusters.map(({ tasks, kind, line, class: sort }) => {
    const names = tasks.slice(0, 5).map((task) => state.tasks.get(task)?.source ?? '');
    const more = tasks.length > names.length ? ', ...' : '';
    return `${style.bad(String(tasks.length))} ${sort ?? kind}: ${line} (${names.join(', ')}${more})\n`;
  });
  return lines.length === 0 ? '' : `same reason:\n${lines.join('')}\n`;
}
