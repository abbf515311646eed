// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import type { Verb } from '../verb.ts';
import { listVerb } from './list.ts';
import { prepareVerb } from './prepare.ts';
import { removeVerb } from './remove.ts';
import { runVerb } from './run.ts';

/** `paseka workdir VERB`; `add` registers a verb under the group. */
export function workdirCommand(add: (group: Command, verb: Verb) => void): Command {
  const group = new Command('workdir').description('copy-on-write clones of any prepared directory');
  for (const verb of [prepareVerb, runVerb, listVerb, removeVerb]) add(group, verb());
  return group;
}
