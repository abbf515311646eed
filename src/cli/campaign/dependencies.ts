// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command } from 'commander';
import { PasekaError } from '../../base/paseka-error.ts';
import { taskDependencies } from '../../campaign/task-dependencies.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import { showResolvedSet } from '../show-resolved-set.ts';
import { catchStopSignals } from '../stop-signals.ts';
import { openTaskRun } from '../task-run.ts';
import type { Verb } from '../verb.ts';
import { openWorkspace } from '../workspace.ts';
import { findTasks } from './find-task.ts';
import { openCampaigns } from './open-campaigns.ts';
import { readRequest } from './read-request.ts';

/** `paseka campaign dependencies`. */
export function dependenciesVerb(): Verb {
  const command = new Command('dependencies')
    .description('exactly what was installed to build a source in a campaign, and what asked for each')
    .argument('<ID>', 'its id, or the beginning of it')
    .argument('<SOURCE>', 'NAME or NAME=VERSION');
  return { command: addCommonOptions(command), run: runDependencies };
}

/** Resolves it again over the campaign's snapshot; status 1 where that could not be satisfied. */
async function runDependencies(idOrPrefix: string, word: string, options: CommonOptions): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const { id } = store.find(idOrPrefix);
  const request = readRequest(store, id);
  const state = store.state(id);
  const [task, ...others] = findTasks(state, word);
  if (task === undefined || others.length > 0) {
    throw new PasekaError(
      'bad-option',
      `the campaign ${id} has ${word} in more than one version`,
      `name one of them: ${word}=VERSION`,
    );
  }
  await using workspace = await openWorkspace(options, output, 'shared');
  const context = await workspace.openContext({ snapshot: state.snapshot }, signals.stop);
  await using run = await openTaskRun({ upper: 'auto' }, workspace, signals.stop, options.verbose);
  const campaign = { state, request, directory: join(workspace.state.campaigns, id) };
  const answer = await taskDependencies(context, run, campaign, task);
  return showResolvedSet(answer, { source: task.source, version: task.version }, output);
}
