// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import { choose, firstNames } from '../campaign/choose/choose.ts';
import { changeOf, knownPackages, noteOverlay, openOverlay } from '../campaign/overlay.ts';
import { pastUses } from '../campaign/past-uses.ts';
import { openPrediction } from '../campaign/predict-tasks.ts';
import { defaultHostFaults, type RebuildOptions } from '../campaign/rebuild-options.ts';
import { startCampaign } from '../campaign/recorded-campaign.ts';
import type { StagePlan } from '../campaign/stage/plan-stages.ts';
import { foreseeing, levelsOf, stageNotes, stageSources } from '../campaign/stage/stage-sources.ts';

import { CampaignStore } from '../db/campaign-store.ts';
import { openDatabase } from '../db/database.ts';
import { TaskHistory } from '../db/task-history.ts';
import type { SourceInput } from '../distro/source-input.ts';
import { addChoiceOptions, type ChoiceOptions, checkChoice, readSelection } from './choice-options.ts';
import { showDryRun } from './dry-run.ts';
import {
  addCommonOptions,
  addLimitOptions,
  addRepositoryOptions,
  type CommonOptions,
  countOption,
  durationOption,
  type LimitOptions,
  listOption,
  numberOption,
  type RepositoryOptions,
  sizeOption,
  withDescription,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { runCampaign } from './run-campaign.ts';
import { type ListenOption, listenOption, serveBeside } from './serve-campaigns.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskSettings } from './task-settings.ts';
import { addTrialOptions, type TrialOptions } from './trial.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions, LimitOptions, ChoiceOptions, TrialOptions {
  readonly jobs?: number;
  readonly memory?: number;
  readonly parallel?: number;
  readonly profile?: readonly string[];
  readonly with?: readonly string[];
  readonly buildChange?: readonly string[];
  readonly installCheck: boolean;
  readonly reuse: boolean;
  readonly out?: string;
  readonly retries?: number;
  readonly hostFaultRetries: number;
  readonly hostFaultBackoff?: number;
  readonly grace: number;
  readonly dryRun: boolean;
  readonly stage: boolean;
  readonly serve: boolean;
  readonly listen?: ListenOption;
}

/** `paseka rebuild`. */
export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .description('rebuild source packages in parallel and install-check what they give')
    .argument(
      '[SOURCE...]',
      'NAME, NAME=VERSION, FILE.dsc, FILE.src.rpm, pkg.tar (as gear makes it), or the directory of an unpacked source',
    )
    .option('-j, --jobs <N>', 'builds at once at most (default: as many as cores)', countOption)
    .option('--memory <SIZE>', 'most memory of all builds together (default: what is available)', sizeOption)
    .option('--parallel <N>', 'processes of each build (default: by the cores that are idle)', countOption)
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption)
    .option('--with <WHAT>', withDescription, listOption)
    .option(
      '--build-change <SOURCE>',
      'build this source package or directory first, and everything else with what it gave; may be repeated',
      listOption,
    )
    .option('--stage', 'in the order of their build dependencies, with what was built before', false)
    .option('--dry-run', 'say what this would build, need and fetch, and do nothing', false)
    .option(
      '--serve',
      'show the dashboard as long as this runs; paseka serve shows the same afterwards',
      false,
    )
    .option(
      '--listen <ADDRESS:PORT>',
      'with --serve: where (default: 127.0.0.1:8460, or any port)',
      listenOption,
    )
    .option('--no-install-check', 'do not check that what was built installs')
    .option('--no-reuse', 'build also what an earlier campaign built from the same inputs')
    .option('-o, --out <DIR>', 'put packages and logs there too')
    .option(
      '--retries <N>',
      'attempts after a failure, each alone (default: 0, with a change 1)',
      numberOption,
    )
    .option(
      '--host-fault-retries <N>',
      'attempts after faults of this host or the mirror, which count for nothing else',
      numberOption,
      defaultHostFaults.retries,
    )
    .option(
      '--host-fault-backoff <TIME>',
      'wait before the first of them (default: 5s); five times as long before each further one',
      durationOption,
    )
    .option('--grace <TIME>', 'how long running builds may go on after Ctrl-C', durationOption, 60_000);
  return addLimitOptions(addRepositoryOptions(addCommonOptions(addChoiceOptions(addTrialOptions(command)))));
}

/** Runs it; the exit status. */
export async function runRebuild(words: readonly string[], options: Options): Promise<number> {
  const output = makeOutput(options);
  checkChoice(words, options, (options.with ?? options.buildChange) !== undefined);
  if (options.listen !== undefined && !options.serve) {
    throw new PasekaError('bad-option', '--listen without --serve', 'say --serve too');
  }
  const { dryRun: isDry } = options;
  using signals = catchStopSignals({ graceMs: isDry ? 0 : options.grace, say: output.progress });
  await using workspace = await openWorkspace(options, output, isDry ? 'shared' : 'campaign');
  using database = openDatabase(workspace.state.database);
  await using _server =
    options.serve && !isDry ? await serveBeside(options.listen, workspace.state, options, output) : undefined;
  const context = await workspace.openContext(options, signals.drain);
  const { catalog, architecture } = context.snapshot;
  const profiles = options.profile ?? [];
  const scope = { architecture, profiles };
  const overlay = await openOverlay(context, options.with ?? [], {
    onProgress: output.progress,
    signal: signals.drain,
  });
  const changed: SourceInput[] = [];
  for (const path of options.buildChange ?? []) {
    changed.push(await context.distribution.openLocalSource(resolve(path)));
  }
  // Not before, as opening the workspace replaces this process, and standard input can be read but once.
  const known = knownPackages(overlay, changed, catalog, scope);
  const selection = await readSelection(words, options, known, new CampaignStore(database));
  const choice = await choose(selection, catalog, context.distribution, scope);
  for (const warning of choice.warnings) output.warning(warning);
  const others = choice.sources.filter(({ name }) => !changed.some((own) => own.name === name));
  const sources = [...changed, ...others];
  const settings = openTaskSettings(options, workspace, sources.length);
  const predict = openPrediction(pastUses(new TaskHistory(database), architecture), catalog);
  if (isDry) {
    const { resources, workers } = settings;
    const own = options.parallel === undefined ? {} : { parallel: options.parallel };
    const capacity = { ...resources, ...own, workers, upper: resources.uppers };
    const planned = { profiles, candidates: overlay.packages, staged: options.stage, capacity, predict };
    return await showDryRun(context, { ...choice, sources }, planned, output, signals.stop);
  }
  const change = await changeOf(overlay, changed);
  for (const warning of settings.warnings) output.warning(warning);

  const { snapshot } = context;
  const planned = { profiles, candidates: overlay.packages };
  const stages = options.stage ? await stage(context, sources, planned, output, signals.drain) : undefined;
  const staged = stages === undefined ? new Map<number, number>() : levelsOf(stages);
  const levels = changed.length === 0 ? staged : levelsAfterChange(sources.length, changed.length, staged);
  const places = { state: workspace.state, database, distribution: context.distribution };
  await using campaign = await startCampaign(places, {
    event: {
      snapshot: snapshot.snapshotId,
      suite: snapshot.suite,
      architecture: snapshot.architecture,
      workers: settings.workers,
      memoryBudgetBytes: settings.resources.memoryBytes,
      ...(change === undefined ? {} : { change }),
    },
    sources,
    ...(levels.size === 0 ? {} : { levels }),
    predict,
    request: {
      options: {
        workers: settings.workers,
        ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
        profiles,
        ...(stages === undefined ? {} : { profilesOf: Object.fromEntries(stages.profiles) }),
        candidates: overlay.packages,
        installChecks: options.installCheck,
        upper: settings.upper,
        limits: settings.limits,
        resources: settings.resources,
        retries: options.retries ?? (change === undefined ? 0 : 1),
        hostFaults: {
          retries: options.hostFaultRetries,
          backoffMs: options.hostFaultBackoff ?? defaultHostFaults.backoffMs,
        },
      },
      trial: { baseline: options.baseline, onlyRegressions: options.onlyRegressions },
      reuse: options.reuse,
      graceMs: options.grace,
      ...(options.out === undefined ? {} : { out: resolve(options.out) }),
    },
  });
  const { recorder } = campaign;
  workspace.onProgress((what) => recorder.emit({ type: 'preparing', what }));
  return await runCampaign({
    context,
    places,
    campaign,
    signals,
    output,
    onStarted: async () => {
      await noteOverlay(context, overlay, recorder);
      for (const message of stages === undefined ? [] : stageNotes(stages, sources)) {
        recorder.emit({ type: 'note', level: 'info', message });
      }
      if (choice.notForArchitecture.length === 0) return;
      const message = `left out, as nothing is built for ${architecture}: ${firstNames(choice.notForArchitecture)}`;
      recorder.emit({ type: 'note', level: 'info', message });
    },
  });
}

/** Levels in which the change comes before all others. */
function levelsAfterChange(
  sources: number,
  changed: number,
  staged: ReadonlyMap<number, number>,
): Map<number, number> {
  const places = Array.from({ length: sources }, (_, place) => place);
  return new Map(places.map((place) => [place, place < changed ? 0 : 1 + (staged.get(place) ?? 0)]));
}

/** Orders sources by what they need of each other. Throws PasekaError cancelled. */
async function stage(
  context: CampaignContext,
  sources: readonly SourceInput[],
  options: Pick<RebuildOptions, 'profiles' | 'candidates'>,
  output: Output,
  signal: AbortSignal,
): Promise<StagePlan> {
  const base = await context.bases.ensure(context.snapshot, 'build', signal);
  output.progress('ordering the sources by what they need of each other');
  const foresee = foreseeing(context, base, options, signal);
  return await stageSources(context, sources, await foresee(sources, []), foresee, options);
}
