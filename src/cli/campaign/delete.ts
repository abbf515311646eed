// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command } from 'commander';
import { deleteCampaign } from '../../campaign/delete-campaign.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';

/** `paseka campaign delete`. */
export function deleteVerb(): Verb {
  const command = new Command('delete')
    .description('remove campaigns with their logs and packages')
    .argument('<ID...>', 'their ids, or the beginnings of them');
  return { command: addCommonOptions(command), run: runDelete };
}

async function runDelete(ids: readonly string[], options: CommonOptions): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  // all of them are found before the first goes
  const doomed = new Set(ids.map((id) => campaigns.store.find(id).id));
  for (const id of doomed) {
    await deleteCampaign(campaigns.store, id, {
      directory: join(campaigns.state.campaigns, id),
      scratchDirectory: campaigns.state.tmp,
    });
  }
  output.result({ deleted: [...doomed] }, () => [...doomed].map((id) => `deleted ${id}\n`).join(''));
  return exitStatus.passed;
}
