// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import type { CampaignState } from '../events/campaign-state.ts';
import { copyFile, listDirectory, makeDirectory, removeTree, writePieces } from '../host/files.ts';
import { openLog } from '../host/log/open-log.ts';

/**
 * Puts a campaign's packages and logs into a directory of the user's, in the same layout (`results/`, `logs/`), copied
 * (not linked: the user may change them); logs as plain text. What an earlier campaign left under the same names is replaced. Returns the
 * directory's absolute path.
 */
export async function publishResults(state: CampaignState, directory: string, out: string): Promise<string> {
  const target = resolve(out);
  for (const task of state.tasks.values()) {
    for (const attempt of task.attempts) await placeLog(directory, target, attempt.log);
  }
  for (const name of await listDirectory(join(directory, 'results'))) {
    await removeTree(join(target, 'results', name));
    for (const file of await listDirectory(join(directory, 'results', name))) {
      await place(directory, target, join('results', name, file));
    }
  }
  return target;
}

async function place(from: string, to: string, path: string): Promise<void> {
  const target = join(to, path);
  await makeDirectory(join(target, '..'));
  await removeTree(target);
  await copyFile(join(from, path), target);
}

async function placeLog(from: string, to: string, path: string): Promise<void> {
  await using log = await openLog(join(from, path));
  if (log === undefined) return;
  const target = join(to, path);
  await makeDirectory(join(target, '..'));
  await removeTree(target);
  await writePieces(target, log.pieces());
}
