// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { CampaignRequest } from '../campaign/campaign-request.ts';
import { pastUses } from '../campaign/past-uses.ts';
import { publishResults } from '../campaign/publish-results.ts';
import { type RebuildRequest, rebuild } from '../campaign/rebuild.ts';
import type { CampaignPlaces, RecordedCampaign } from '../campaign/recorded-campaign.ts';
import { EarlierResults } from '../db/earlier-results.ts';
import { TaskHistory } from '../db/task-history.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import { openHostGauge } from '../host/host-gauge.ts';
import { currentLogPath } from '../host/log/log-paths.ts';
import { rebuildDocument } from '../report/rebuild-json.ts';
import { summaryTable } from '../report/summary-table.ts';
import { trialText } from '../report/trial-text.ts';
import { isOver, isTrial, isUnfinished } from './campaign/work-left.ts';
import { exitStatus } from './exit-status.ts';
import { showCampaign } from './live-display.ts';
import type { Output } from './output.ts';
import type { StopSignals } from './stop-signals.ts';
import { allWritten, runTrial, trialStatus } from './trial.ts';

export interface CampaignRun {
  readonly context: CampaignContext;
  readonly places: CampaignPlaces;
  readonly campaign: RecordedCampaign;
  readonly signals: StopSignals;
  readonly output: Output;
  /** Called when it has started, before anything is done. */
  readonly onStarted?: () => Promise<void>;
}

/**
 * Runs a campaign, new or going on, to its end, and judges the change where there is one: shown while it runs, then its
 * result; the exit status.
 */
export async function runCampaign(run: CampaignRun): Promise<number> {
  const { context, places, campaign, signals, output } = run;
  const { recorder, directory, request, sources } = campaign;
  const build: RebuildRequest = {
    sources,
    directory,
    recorder,
    history: pastUses(new TaskHistory(places.database), context.snapshot.architecture),
    gauge: openHostGauge(),
    ...(request.reuse
      ? { reuse: { earlier: new EarlierResults(places.database), campaigns: places.state.campaigns } }
      : {}),
    heldBecause: () => campaign.heldBecause(),
    options: request.options,
    drain: signals.drain,
    stop: signals.stop,
    ...(output.verbosity === 'verbose' ? { onOutput: echoOutput } : {}),
  };
  {
    using _display = showCampaign(recorder, output);
    campaign.start();
    await run.onStarted?.();
    await rebuild(context, build);
  }
  // Before anything else wants room, too: what was done is not to be lost.
  await allWritten(campaign, signals.drain, output);
  const baseline = isTrial(recorder.state, request)
    ? await runTrial({ context, places, campaign, build, output })
    : undefined;
  await allWritten(campaign, signals.drain, output);
  await campaign.logsPacked();
  const state = campaign.wholeState();
  const { out } = request;
  const place = out === undefined ? directory : await publishResults(state, directory, out);
  return showResult(state, { directory: place, request, baseline }, output);
}

export interface ShownResult {
  /** Where logs and results are. */
  readonly directory: string;
  readonly request: CampaignRequest;
  readonly baseline: CampaignState | undefined;
}

/** Shows what a campaign came to; the exit status. */
export function showResult(state: CampaignState, result: ShownResult, output: Output): number {
  const { directory, request, baseline } = result;
  const logPath = (log: string): string => currentLogPath(join(directory, log));
  const document = { directory, logPath, ...(baseline === undefined ? {} : { baseline }) };
  output.result(rebuildDocument(state, document), () => {
    if (output.verbosity === 'quiet') return '';
    const places = `packages in ${directory}/results, logs in ${directory}/logs\n`;
    const verdicts = isTrial(state, request) ? `\n${trialText(state, baseline, output.style)}` : '';
    const wasStopped = state.cancelled || state.pausedBecause !== undefined;
    const isLeft = wasStopped && !isOver(state, request, isUnfinished);
    const further = isLeft ? `what is left: paseka campaign resume ${state.id}\n` : '';
    return `${summaryTable(state, output.style)}${places}${further}${verdicts}`;
  });
  const hasGivenUp = state.pausedBecause !== undefined || baseline?.pausedBecause !== undefined;
  if (hasGivenUp) return exitStatus.host;
  return trialStatus(state, request.trial);
}

function echoOutput(_source: string, text: Uint8Array): void {
  process.stderr.write(text);
}
