// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { cancelCampaign } from '../../campaign/cancel-campaign.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';

interface Options extends CommonOptions {
  readonly now: boolean;
  readonly wait: boolean;
}

const lookEveryMs = 100;

/** `paseka campaign cancel`. */
export function cancelVerb(): Verb {
  const command = new Command('cancel')
    .description('stop a running campaign, as Ctrl-C does; paseka campaign resume goes on with it')
    .argument('<ID>', 'its id, or the beginning of it')
    .option('--now', 'stop what is running too, instead of letting it end within its --grace', false)
    .option('--wait', 'return when it has ended', false);
  return { command: addCommonOptions(command), run: runCancel };
}

async function runCancel(idOrPrefix: string, options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const { id, pid } = cancelCampaign(store, idOrPrefix, options.now);
  while (options.wait && store.find(id).status === 'running') await delay(lookEveryMs);
  output.result({ cancelled: id, process: pid }, () => `${id} is stopping\n`);
  return exitStatus.passed;
}
