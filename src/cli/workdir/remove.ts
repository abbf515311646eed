// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../../base/paseka-error.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { checkPreparedName, openPrepared, unknownWorkdir } from './open-prepared.ts';

/** `paseka workdir remove`. */
export function removeVerb(): Verb {
  const command = new Command('remove')
    .description('remove what was prepared, unless clones of it run')
    .argument('<NAME>', 'as prepare was told');
  return { command: addCommonOptions(command), run: runRemove };
}

async function runRemove(name: string, options: CommonOptions): Promise<number> {
  checkPreparedName(name);
  const output = makeOutput(options);
  await using prepared = await openPrepared(options, output);
  switch (await prepared.store.remove(name)) {
    case 'absent':
      throw await unknownWorkdir(prepared.store, name);
    case 'in-use':
      throw new PasekaError(
        'workdir-in-use',
        `clones of ${name} run`,
        'wait for them to end, or stop them, and run the same command again',
      );
    case 'removed':
      output.result({ removed: name }, () => `removed ${name}\n`);
      return exitStatus.passed;
  }
}
