// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { campaignDirectory, makeCampaignId } from '../campaign/campaign-directory.ts';
import { chooseSources, parseSourceList } from '../campaign/choose-sources.ts';
import { EventRecorder } from '../campaign/event-recorder.ts';
import { changeOf, noteOverlay, openOverlay } from '../campaign/overlay.ts';
import { publishResults } from '../campaign/publish-results.ts';
import { rebuild } from '../campaign/rebuild.ts';
import { AppendFile } from '../host/append-file.ts';
import { readTextIfExists } from '../host/files.ts';
import { readStandardInput } from '../host/standard-input.ts';
import { rebuildDocument } from '../report/rebuild-json.ts';
import { summaryTable } from '../report/summary-table.ts';
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
  withDescription,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskSettings } from './task-settings.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions, LimitOptions {
  readonly from?: string;
  readonly jobs?: number;
  readonly parallel?: number;
  readonly profile?: readonly string[];
  readonly with?: readonly string[];
  readonly installCheck: boolean;
  readonly out?: string;
  readonly retries: number;
  readonly grace: number;
}

/** `paseka rebuild`. */
export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .description('rebuild source packages in parallel and install-check what they give')
    .argument('[SOURCE...]', 'NAME, NAME=VERSION, FILE.dsc, or the directory of an unpacked source')
    .option('--from <FILE>', 'read sources from a file, one on each line (- for standard input)')
    .option('-j, --jobs <N>', 'builds at once (default: by cores and memory)', countOption)
    .option('--parallel <N>', 'processes that one build may run at once (default: cores ÷ jobs)', countOption)
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption)
    .option('--with <WHAT>', withDescription, listOption)
    .option('--no-install-check', 'do not check that what was built installs')
    .option('-o, --out <DIR>', 'put packages and logs there too')
    .option('--retries <N>', 'further attempts after a failure', numberOption, 0)
    .option('--grace <TIME>', 'how long running builds may go on after Ctrl-C', durationOption, 60_000);
  addLimitOptions(addRepositoryOptions(addCommonOptions(command)));
  return command;
}

/** Runs it; the exit status. */
export async function runRebuild(words: readonly string[], options: Options): Promise<number> {
  const output = makeOutput(options);
  if (words.length === 0 && options.from === undefined) throw nothingToRebuild();
  using signals = catchStopSignals({ graceMs: options.grace, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'campaign');
  // Not before, as opening the workspace replaces this process, and standard input can be read but once.
  const wanted = [...words, ...(await readList(options.from))];
  if (wanted.length === 0) throw nothingToRebuild();
  const now = (): number => Date.now();
  const context = await workspace.openContext(options, signals.drain);
  const sources = await chooseSources(wanted, context.snapshot.catalog, context.distribution);
  const overlay = await openOverlay(context, options.with ?? [], {
    onProgress: output.progress,
    signal: signals.drain,
  });
  const change = changeOf(overlay);
  const settings = openTaskSettings(options, workspace, sources.length);
  for (const warning of settings.warnings) output.warning(warning);

  const id = makeCampaignId(now());
  const directory = await campaignDirectory(workspace.state, id);
  using events = new AppendFile(join(directory, 'events.jsonl'));
  const recorder = new EventRecorder(now);
  recorder.subscribe((event) => {
    events.write(`${JSON.stringify(event)}\n`);
    if (event.type === 'task-ended') events.sync();
  });
  workspace.onProgress((what) => recorder.emit({ type: 'preparing', what }));
  const { snapshot } = context;
  recorder.emit({
    type: 'campaign-started',
    campaign: id,
    snapshot: snapshot.snapshotId,
    suite: snapshot.suite,
    architecture: snapshot.architecture,
    workers: settings.workers,
    ...(change === undefined ? {} : { change }),
  });
  {
    using _display = showCampaign(recorder, output, now);
    await noteOverlay(context, overlay, recorder);
    await rebuild(context, {
      id,
      sources,
      directory,
      recorder,
      options: {
        workers: settings.workers,
        parallel: options.parallel ?? settings.parallel,
        profiles: options.profile ?? [],
        candidates: overlay.packages,
        installChecks: options.installCheck,
        upper: settings.upper,
        limits: settings.limits,
        retries: options.retries,
      },
      drain: signals.drain,
      stop: signals.stop,
      ...(options.verbose ? { onOutput: echoOutput } : {}),
    });
  }
  const resultsDirectory =
    options.out === undefined ? directory : await publishResults(recorder.state, directory, options.out);
  showResult(recorder, resultsDirectory, output);
  const { totals } = recorder.state;
  return totals.built === totals.tasks ? exitStatus.passed : exitStatus.notPassed;
}

function nothingToRebuild(): PasekaError {
  return new PasekaError('bad-option', 'nothing to rebuild', 'name at least one source, or give --from FILE');
}

function showResult(recorder: EventRecorder, directory: string, output: Output): void {
  output.result(rebuildDocument(recorder.state, directory), () => {
    if (output.verbosity === 'quiet') return '';
    return `${summaryTable(recorder.state, output.style)}packages in ${directory}/results, logs in ${directory}/logs\n`;
  });
}

function echoOutput(_source: string, text: Uint8Array): void {
  process.stderr.write(text);
}

async function readList(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = file === '-' ? await readStandardInput() : await readTextIfExists(file);
  if (text === undefined) {
    throw new PasekaError('bad-package-list', `${file}: no such file`, 'give the path of a list of sources');
  }
  return parseSourceList(text, file);
}
