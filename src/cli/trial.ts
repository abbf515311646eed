// SPDX-License-Identifier: GPL-2.0-or-later
import type { Command } from 'commander';
import { unreachable } from '../base/invariant.ts';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { isWorse } from '../campaign/compare/compare-campaigns.ts';
import { earlierBaselines } from '../campaign/earlier-baselines.ts';
import { judgeTrial } from '../campaign/judge-trial.ts';
import { type RebuildRequest, rebuild } from '../campaign/rebuild.ts';
import { CampaignStore } from '../db/campaign-store.ts';
import type { Database } from '../db/database.ts';
import { PackageHistory } from '../db/package-history.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { isUncompared } from '../report/trial-text.ts';
import { beginCampaign, type CampaignStart } from './begin-campaign.ts';
import { choiceOptionNames } from './choice-options.ts';
import { exitStatus } from './exit-status.ts';
import { showCampaign } from './live-display.ts';
import type { Output } from './output.ts';

/** What says how a change is judged. */
export interface TrialOptions {
  readonly baseline: boolean;
  readonly onlyRegressions: boolean;
}

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
  readonly place: { readonly state: StateDirectory; readonly database: Database };
  /** As the candidate was built. */
  readonly request: RebuildRequest;
  readonly start: CampaignStart;
  /** What the user asked for. */
  readonly options: AlikeOptions;
  readonly output: Output;
}

/** What decides, besides the snapshot, whether results of one campaign stand for those of another. */
interface AlikeOptions {
  readonly profile?: readonly string[];
}

/**
 * Judges a candidate that was built: what failed is built without the change in a campaign of its own, where no earlier
 * campaign tells. Its state, where there had to be one. Nothing is built any more when the user has stopped the candidate.
 */
export async function runTrial(trial: Trial): Promise<CampaignState | undefined> {
  const { request, place, options } = trial;
  const { recorder, sources, drain } = request;
  const profiles = (one: AlikeOptions): string => (one.profile ?? []).toSorted().join(' ');
  const earlier = earlierBaselines(
    { store: new CampaignStore(place.database), history: new PackageHistory(place.database) },
    recorder.state,
    (asked) => profiles((JSON.parse(asked) as { options: AlikeOptions }).options) === profiles(options),
  );
  let baseline: CampaignState | undefined;
  await judgeTrial({
    recorder,
    sources,
    earlier,
    buildWithout: async (wanted) => {
      if (!drain.aborted) baseline = await buildBaseline(trial, wanted);
      return baseline;
    },
  });
  return baseline;
}

async function buildBaseline(
  { context, place, request, start, options, output }: Trial,
  sources: readonly SourceInput[],
): Promise<CampaignState> {
  const { change: _, ...same } = start;
  const asked = { words: sources.map(wordOf), options: withoutChange(options) };
  await using campaign = await beginCampaign(place, { ...same, baselineOf: request.id }, asked, context.now);
  const { id, directory, recorder } = campaign;
  const count = sources.length === 1 ? '1 source' : `${sources.length} sources`;
  const message = `${count} failed with the change: building without it, as ${id}`;
  request.recorder.emit({ type: 'note', level: 'info', message });
  using _display = showCampaign(recorder, output, context.now);
  campaign.start();
  const own = { ...request.options, candidates: [] };
  return await rebuild(context, { ...request, id, directory, recorder, sources, options: own });
}

/** How a user would name it. */
function wordOf(source: SourceInput): string {
  switch (source.kind) {
    case 'repository':
      return `${source.name}=${source.version}`;
    case 'local':
      return source.paths[0] ?? '';
    case 'directory':
      return source.path;
    default:
      return unreachable(source);
  }
}

/** The same wishes for sources that are named, without a change. */
function withoutChange(options: object): object {
  const chosen: ReadonlySet<string> = new Set(['with', ...choiceOptionNames]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !chosen.has(name)));
}

/** The exit status of a trial. */
export function trialStatus(state: CampaignState, options: TrialOptions): number {
  const { totals } = state;
  if (!options.onlyRegressions)
    return totals.built === totals.tasks ? exitStatus.passed : exitStatus.notPassed;
  const tasks = [...state.tasks.values()];
  const isOpen = state.cancelled || tasks.some(isUncompared);
  return isOpen || tasks.some(({ verdict }) => isWorse(verdict)) ? exitStatus.notPassed : exitStatus.passed;
}
