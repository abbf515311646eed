// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectory } from '../host/files.ts';
import type { StateDirectory } from '../host/state-directory.ts';

/** `20260301-142530-3f2a`: sorts by time, and two started in one second differ. */
export function makeCampaignId(now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/** Makes the directory where a campaign keeps events, logs and results. */
export async function campaignDirectory(state: StateDirectory, id: string): Promise<string> {
  const directory = join(state.campaigns, id);
  await makeDirectory(directory);
  return directory;
}
