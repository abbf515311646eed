// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command } from 'commander';
import { choose, firstNames } from '../campaign/choose/choose.ts';
import { changeOf, knownPackages, noteOverlay, openOverlay } from '../campaign/overlay.ts';
import { pastUses } from '../campaign/past-uses.ts';
import { publishResults } from '../campaign/publish-results.ts';
import { type RebuildRequest, rebuild } from '../campaign/rebuild.ts';
import { openDatabase } from '../db/database.ts';
import { TaskHistory } from '../db/task-history.ts';
import { openHostGauge } from '../host/host-gauge.ts';
import { currentLogPath } from '../host/log/log-paths.ts';
import { rebuildDocument } from '../report/rebuild-json.ts';
import { summaryTable } from '../report/summary-table.ts';
import { trialText } from '../report/trial-text.ts';
import { beginCampaign, type CampaignStart } from './begin-campaign.ts';
import { addChoiceOptions, type ChoiceOptions, checkChoice, readSelection } from './choice-options.ts';
import { showDryRun } from './dry-run.ts';
import { exitStatus } from './exit-status.ts';
import { showCampaign } from './live-display.ts';
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
import { makeOutput } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskSettings } from './task-settings.ts';
import { addTrialOptions, runTrial, type TrialOptions, trialStatus } from './trial.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions, LimitOptions, ChoiceOptions, TrialOptions {
  readonly jobs?: number;
  readonly memory?: number;
  readonly parallel?: number;
  readonly profile?: readonly string[];
  readonly with?: readonly string[];
  readonly installCheck: boolean;
  readonly out?: string;
  readonly retries?: number;
  readonly grace: number;
  readonly dryRun: boolean;
}

/** `paseka rebuild`. */
export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .description('rebuild source packages in parallel and install-check what they give')
    .argument('[SOURCE...]', 'NAME, NAME=VERSION, FILE.dsc, or the directory of an unpacked source')
    .option('-j, --jobs <N>', 'builds at once at most (default: as many as cores)', countOption)
    .option('--memory <SIZE>', 'most memory of all builds together (default: what is available)', sizeOption)
    .option('--parallel <N>', 'processes of each build (default: by the cores that are idle)', countOption)
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption)
    .option('--with <WHAT>', withDescription, listOption)
    .option('--dry-run', 'say what this would build, need and fetch, and do nothing', false)
    .option('--no-install-check', 'do not check that what was built installs')
    .option('-o, --out <DIR>', 'put packages and logs there too')
    .option(
      '--retries <N>',
      'attempts after a failure, each alone (default: 0, with a change 1)',
      numberOption,
    )
    .option('--grace <TIME>', 'how long running builds may go on after Ctrl-C', durationOption, 60_000);
  return addLimitOptions(addRepositoryOptions(addCommonOptions(addChoiceOptions(addTrialOptions(command)))));
}

/** Runs it; the exit status. */
export async function runRebuild(words: readonly string[], options: Options): Promise<number> {
  const output = makeOutput(options);
  checkChoice(words, options, options.with !== undefined);
  const { dryRun: isDry } = options;
  using signals = catchStopSignals({ graceMs: isDry ? 0 : options.grace, say: output.progress });
  await using workspace = await openWorkspace(options, output, isDry ? 'shared' : 'campaign');
  using database = openDatabase(workspace.state.database);
  const now = (): number => Date.now();
  const context = await workspace.openContext(options, signals.drain);
  const { catalog, architecture } = context.snapshot;
  const profiles = options.profile ?? [];
  const scope = { architecture, profiles };
  const overlay = await openOverlay(context, options.with ?? [], {
    onProgress: output.progress,
    signal: signals.drain,
  });
  // Not before, as opening the workspace replaces this process, and standard input can be read but once.
  const selection = await readSelection(words, options, knownPackages(overlay, catalog, scope));
  const choice = await choose(selection, catalog, context.distribution, scope);
  for (const warning of choice.warnings) output.warning(warning);
  if (isDry) {
    const planned = { profiles, candidates: overlay.packages };
    return await showDryRun(context, choice, planned, output, signals.stop);
  }
  const { sources } = choice;
  const change = changeOf(overlay);
  const settings = openTaskSettings(options, workspace, sources.length);
  for (const warning of settings.warnings) output.warning(warning);

  const { snapshot } = context;
  const start: CampaignStart = {
    snapshot: snapshot.snapshotId,
    suite: snapshot.suite,
    architecture: snapshot.architecture,
    workers: settings.workers,
    memoryBudgetBytes: settings.resources.memoryBytes,
    ...(change === undefined ? {} : { change }),
  };
  const place = { state: workspace.state, database };
  await using campaign = await beginCampaign(place, start, { words, options }, now);
  const { id, directory, recorder } = campaign;
  workspace.onProgress((what) => recorder.emit({ type: 'preparing', what }));
  const request: RebuildRequest = {
    id,
    sources,
    directory,
    recorder,
    history: pastUses(new TaskHistory(database), architecture),
    gauge: openHostGauge(),
    options: {
      workers: settings.workers,
      ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
      profiles,
      candidates: overlay.packages,
      installChecks: options.installCheck,
      upper: settings.upper,
      limits: settings.limits,
      resources: settings.resources,
      retries: options.retries ?? (change === undefined ? 0 : 1),
    },
    drain: signals.drain,
    stop: signals.stop,
    ...(options.verbose ? { onOutput: echoOutput } : {}),
  };
  campaign.start();
  {
    using _display = showCampaign(recorder, output, now);
    await noteOverlay(context, overlay, recorder);
    if (choice.notForArchitecture.length > 0) {
      const message = `left out, as nothing is built for ${architecture}: ${firstNames(choice.notForArchitecture)}`;
      recorder.emit({ type: 'note', level: 'info', message });
    }
    await rebuild(context, request);
  }
  const isTrial = change !== undefined && options.baseline;
  const trial = { context, place, request, start, options, output };
  const baseline = isTrial ? await runTrial(trial) : undefined;
  await campaign.packLogs();
  const resultsDirectory =
    options.out === undefined ? directory : await publishResults(recorder.state, directory, options.out);
  const logPath = (log: string): string => currentLogPath(join(resultsDirectory, log));
  const document = { directory: resultsDirectory, logPath, ...(baseline === undefined ? {} : { baseline }) };
  output.result(rebuildDocument(recorder.state, document), () => {
    if (output.verbosity === 'quiet') return '';
    const { state } = recorder;
    const places = `packages in ${resultsDirectory}/results, logs in ${resultsDirectory}/logs\n`;
    const verdicts = isTrial ? `\n${trialText(state, baseline, output.style)}` : '';
    return `${summaryTable(state, output.style)}${places}${verdicts}`;
  });
  if (recorder.state.pausedBecause !== undefined) return exitStatus.host;
  return trialStatus(recorder.state, options);
}

function echoOutput(_source: string, text: Uint8Array): void {
  process.stderr.write(text);
}
