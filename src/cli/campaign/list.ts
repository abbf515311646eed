// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { formatDuration } from '../../base/duration.ts';
import type { CampaignSummary } from '../../db/campaign-store.ts';
import { summaryDocument } from '../../report/campaign-json.ts';
import type { Style } from '../../report/style.ts';
import { renderTable } from '../../report/table.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, countOption } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';

interface Options extends CommonOptions {
  readonly limit?: number;
}

/** `paseka campaign list`. */
export function listVerb(): Verb {
  const command = new Command('list')
    .description('all campaigns, newest first')
    .option('--limit <N>', 'only the newest', countOption);
  return { command: addCommonOptions(command), run: runList };
}

async function runList(options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const all = campaigns.store.list().slice(0, options.limit);
  output.result({ campaigns: all.map(summaryDocument) }, () => listText(all, output.style));
  return exitStatus.passed;
}

function listText(all: readonly CampaignSummary[], style: Style): string {
  if (all.length === 0) return 'no campaigns yet; paseka rebuild makes one\n';
  const rows = all.map((campaign) => [
    campaign.id,
    campaign.status === 'ended' ? 'ended' : style.warn(campaign.status),
    campaign.suite,
    campaign.architecture,
    String(campaign.tasks),
    style.good(String(campaign.built)),
    String(campaign.ended - campaign.built),
    campaign.endedAt === undefined ? '' : formatDuration(campaign.endedAt - campaign.startedAt),
    campaign.overlay === undefined ? '' : `with ${campaign.overlay.slice(0, 12)}`,
  ]);
  const header = ['id', 'status', 'suite', 'architecture', 'sources', 'built', 'not built', 'time', 'change'];
  return `${renderTable(header.map(style.dim), rows, [0, 0, 0, 0, 1, 1, 1, 1, 0])}\n`;
}
