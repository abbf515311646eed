// SPDX-License-Identifier: GPL-2.0-or-later
import type { Command } from 'commander';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { type CampaignRequest, parseRequest, type TrialRequest } from '../campaign/campaign-request.ts';
import { isWorse } from '../campaign/compare/compare-campaigns.ts';
import { judgeTrial } from '../campaign/judge-trial.ts';
import { openPrediction } from '../campaign/predict-tasks.ts';
import { type RebuildRequest, rebuild } from '../campaign/rebuild.ts';
import { type CampaignPlaces, type RecordedCampaign, startCampaign } from '../campaign/recorded-campaign.ts';
import { EarlierTries } from '../db/earlier-tries.ts';
import type { SourceInput } from '../distro/source-input.ts';
import { isAllPassed } from '../events/campaign-figures.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import { isUncompared, isUntold } from '../report/trial-text.ts';
import { exitStatus } from './exit-status.ts';
import { showCampaign } from './live-display.ts';
import type { Output } from './output.ts';

/** What says how a change is judged. */
export type TrialOptions = TrialRequest;

export function addTrialOptions(command: Command): Command {
  return command
    .option('--no-baseline', 'with a change: do not build what failed once more without it')
    .option(
      '--only-regressions',
      'status 1 only for what the change breaks, or what could not be compared',
      false,
    );
}

export interface Trial {
  readonly context: CampaignContext;
  readonly places: CampaignPlaces;
  /** The candidate. */
  readonly campaign: RecordedCampaign;
  /** As it was built. */
  readonly build: RebuildRequest;
  readonly output: Output;
}

/**
 * Judges a candidate that was built: what failed is built without the change in a campaign of its own, where no earlier
 * campaign tells. Its state, where there had to be one. Nothing is built any more when the user or
 * this host's faults have stopped the candidate.
 */
export async function runTrial(trial: Trial): Promise<CampaignState | undefined> {
  const { campaign, places, build } = trial;
  const { recorder, sources, drain } = build;
  const candidate = campaign.wholeState();
  const tries = new EarlierTries(places.database);
  const alike = tries.campaigns(campaign.id).filter(({ request }) => isAlike(request, campaign.request));
  let baseline: CampaignState | undefined;
  await judgeTrial({
    candidate,
    recorder,
    sources,
    earlier: tries.find(
      campaign.id,
      alike.map(({ id }) => id),
    ),
    buildWithout: async (wanted) => {
      const mayBegin = !drain.aborted && recorder.state.pausedBecause === undefined;
      if (mayBegin) baseline = await buildBaseline(trial, wanted);
      return baseline;
    },
  });
  return baseline;
}

/** Whether what another campaign was asked for lets its results stand for ours. */
function isAlike(asked: string, own: CampaignRequest): boolean {
  const request = parseRequest(asked);
  if (request === undefined || Object.keys(request.options.profilesOf ?? {}).length > 0) return false;
  const profiles = ({ options }: CampaignRequest): string => options.profiles.toSorted().join(' ');
  return profiles(request) === profiles(own);
}

async function buildBaseline(
  { context, places, campaign: candidate, build, output }: Trial,
  sources: readonly SourceInput[],
): Promise<CampaignState> {
  const { snapshot, suite, architecture, workers, memoryBudgetBytes } = build.recorder.state;
  const { out: _, ...asked } = candidate.request;
  const options = { ...build.options, profilesOf: {}, candidates: [] };
  await using campaign = await startCampaign(places, {
    event: {
      snapshot,
      suite,
      architecture,
      workers,
      baselineOf: candidate.id,
      ...(memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes }),
    },
    sources,
    predict: openPrediction(build.history, context.snapshot.catalog),
    request: { ...asked, options },
  });
  const { id, directory, recorder } = campaign;
  const count = sources.length === 1 ? '1 source' : `${sources.length} sources`;
  const message = `${count} failed with the change: building without it, as ${id}`;
  build.recorder.emit({ type: 'note', level: 'info', message });
  using _display = showCampaign(recorder, output);
  campaign.start();
  await rebuild(context, {
    ...build,
    directory,
    recorder,
    sources: campaign.sources,
    options,
    heldBecause: () => campaign.heldBecause(),
  });
  await allWritten(campaign, build.drain, output);
  return campaign.wholeState();
}

/** Waits until all that has happened in a campaign is in the database, and says so where that takes its time. */
export async function allWritten(
  campaign: RecordedCampaign,
  drain: AbortSignal,
  output: Output,
): Promise<void> {
  await campaign.written(drain, (reason) => output.warning(`waiting to note what was done: ${reason}`));
}

/** The exit status of a trial. */
export function trialStatus(state: CampaignState, options: TrialOptions): number {
  const { totals } = state;
  if (!options.onlyRegressions) return isAllPassed(totals) ? exitStatus.passed : exitStatus.notPassed;
  const tasks = [...state.tasks.values()];
  const isOpen = state.cancelled || tasks.some((task) => isUncompared(task) || isUntold(task));
  return isOpen || tasks.some(({ verdict }) => isWorse(verdict)) ? exitStatus.notPassed : exitStatus.passed;
}
