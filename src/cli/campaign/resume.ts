// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import type { Verb } from '../verb.ts';
import { goOn } from './go-on.ts';
import { isUnfinished } from './work-left.ts';

/** `paseka campaign resume`. */
export function resumeVerb(): Verb {
  const command = new Command('resume')
    .description(
      'go on with a campaign that was killed, cancelled or given up, with the options that it was started with',
    )
    .argument('<ID>', 'its id, or the beginning of it');
  return { command: addCommonOptions(command), run: runResume };
}

function runResume(id: string, options: CommonOptions): Promise<number> {
  return goOn(id, options, () => isUnfinished);
}
