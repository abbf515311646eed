// SPDX-License-Identifier: GPL-2.0-or-later
import { didYouMean, nearestNames } from '../../base/nearest-names.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';

/**
 * The tasks of a campaign that a word means: a source's name, or `name=version`. Throws PasekaError unknown-source with the nearest
 * names.
 */
export function findTasks(state: CampaignState, word: string): TaskState[] {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const version = equals < 0 ? undefined : word.slice(equals + 1);
  const tasks = [...state.tasks.values()];
  const found = tasks.filter(
    (task) => task.source === name && (version === undefined || task.version === version),
  );
  if (found.length > 0) return found;
  const versions = tasks.filter((task) => task.source === name).map((task) => task.version);
  throw new PasekaError(
    'unknown-source',
    `the campaign ${state.id} has no source ${word}`,
    versions.length > 0
      ? `it has ${name} in version ${versions.join(', ')}`
      : didYouMean(
          nearestNames(
            name,
            tasks.map((task) => task.source),
          ),
          `\`paseka campaign show ${state.id}\` shows all that it has`,
        ),
  );
}
