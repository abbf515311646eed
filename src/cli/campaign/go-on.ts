// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { type CampaignRequest, reopenRequest, reopenSources } from '../../campaign/campaign-request.ts';
import { resumeCampaign } from '../../campaign/recorded-campaign.ts';
import { CampaignStore, campaignRunning } from '../../db/campaign-store.ts';
import { openDatabase } from '../../db/database.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import type { CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import { runCampaign, showResult } from '../run-campaign.ts';
import { catchStopSignals } from '../stop-signals.ts';
import { openWorkspace } from '../workspace.ts';
import { openCampaigns } from './open-campaigns.ts';
import { readRequest } from './read-request.ts';
import { isDoneUnless, isOver } from './work-left.ts';

/**
 * Goes on with a campaign that no process runs; the exit status. `choose` gives which of its ended tasks are done again. Throws
 * PasekaError campaign-running, unknown-campaign, unknown-snapshot, and what `choose` throws.
 */
export async function goOn(
  idOrPrefix: string,
  options: CommonOptions,
  choose: (state: CampaignState) => (task: TaskState) => boolean,
): Promise<number> {
  const output = makeOutput(options);
  const { id, request } = await findStopped(idOrPrefix, options);
  using signals = catchStopSignals({ graceMs: request.graceMs, say: output.progress });
  // From then on no other process runs a campaign here.
  await using workspace = await openWorkspace(options, output, 'campaign');
  using database = openDatabase(workspace.state.database);
  const store = new CampaignStore(database);
  using _claim = store.claim(id);
  const state = store.state(id);
  const isReopened = choose(state);
  if (isOver(state, request, isReopened)) {
    output.progress(`nothing is left to be done in ${id}`);
    const directory = request.out ?? join(workspace.state.campaigns, id);
    return showResult(state, { directory, request, baseline: undefined }, output);
  }
  const context = await workspace.openContext({ snapshot: state.snapshot }, signals.drain);
  const places = { state: workspace.state, database, distribution: context.distribution };
  await using campaign = resumeCampaign(places, {
    id,
    state,
    request: await reopenRequest(context, request),
    sources: await reopenSources(context, state, request, join(workspace.state.campaigns, id)),
    isReopened,
  });
  const { recorder } = campaign;
  workspace.onProgress((what) => recorder.emit({ type: 'preparing', what }));
  const done = state.tasks.values().filter(isDoneUnless(isReopened)).toArray();
  output.progress(`going on with ${id}: ${done.length} of ${state.totals.tasks} were done`);
  return await runCampaign({ context, places, campaign, signals, output });
}

async function findStopped(
  idOrPrefix: string,
  options: CommonOptions,
): Promise<{ readonly id: string; readonly request: CampaignRequest }> {
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const { id, status } = store.find(idOrPrefix);
  const request = readRequest(store, id);
  if (status === 'running') throw campaignRunning(id);
  return { id, request };
}
