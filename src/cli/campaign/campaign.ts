// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import type { Verb } from '../verb.ts';
import { cancelVerb } from './cancel.ts';
import { compareVerb } from './compare.ts';
import { deleteVerb } from './delete.ts';
import { dependenciesVerb } from './dependencies.ts';
import { exportVerb } from './export.ts';
import { listVerb } from './list.ts';
import { logVerb } from './log.ts';
import { reportVerb } from './report.ts';
import { resumeVerb } from './resume.ts';
import { retryVerb } from './retry.ts';
import { showVerb } from './show.ts';
import { watchVerb } from './watch.ts';

/** One file each, in the order of the help. */
const verbs: readonly (() => Verb)[] = [
  listVerb,
  showVerb,
  logVerb,
  dependenciesVerb,
  watchVerb,
  reportVerb,
  compareVerb,
  resumeVerb,
  retryVerb,
  cancelVerb,
  exportVerb,
  deleteVerb,
];

/** `paseka campaign VERB`; `add` registers a verb under the group. */
export function campaignCommand(add: (group: Command, verb: Verb) => void): Command {
  const group = new Command('campaign').description('campaigns that were run: results, logs, going on');
  for (const verb of verbs) add(group, verb());
  return group;
}
