// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../../base/paseka-error.ts';
import type { TaskState } from '../../events/campaign-state.ts';
import { isPassed } from '../../events/outcome.ts';
import { addCommonOptions, type CommonOptions, listOption } from '../options.ts';
import type { Verb } from '../verb.ts';
import { findTasks } from './find-task.ts';
import { goOn } from './go-on.ts';

interface Options extends CommonOptions {
  readonly outcome?: readonly string[];
}

/** `paseka campaign retry`. */
export function retryVerb(): Verb {
  const command = new Command('retry')
    .description('build again what a campaign did not build, and go on with it')
    .argument('<ID>', 'its id, or the beginning of it')
    .argument('[SOURCE...]', 'these, however they ended: NAME or NAME=VERSION')
    .option(
      '--outcome <OUTCOME>',
      'only what ended so (failed, timed-out, ...); may be repeated',
      listOption,
    );
  return { command: addCommonOptions(command), run: runRetry };
}

function runRetry(id: string, words: readonly string[], options: Options): Promise<number> {
  const { outcome: wanted } = options;
  return goOn(id, options, (state) => {
    const named = words.length === 0 ? undefined : new Set(words.flatMap((word) => findTasks(state, word)));
    const isChosen = (task: TaskState): boolean => {
      const { outcome } = task;
      if (outcome === undefined) return false;
      if (wanted !== undefined && !wanted.includes(outcome.kind)) return false;
      const isForHere = outcome.kind !== 'not-for-architecture'; // building it again would say the same
      return named?.has(task) ?? (wanted !== undefined || (isForHere && !isPassed(outcome)));
    };
    if ([...state.tasks.values()].some((task) => task.status !== 'ended' || isChosen(task))) return isChosen;
    throw new PasekaError(
      'bad-option',
      `the campaign ${state.id} has nothing to be built again`,
      wanted === undefined
        ? `everything was built; name what is to be built all the same`
        : `nothing ended so: paseka campaign show ${state.id}`,
    );
  });
}
