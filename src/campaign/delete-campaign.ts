// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { CampaignStore } from '../db/campaign-store.ts';
import { moveFile, pathExists } from '../host/files.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';

export interface CampaignPlace {
  /** Its logs and results; may be gone. */
  readonly directory: string;
  /** On the same file system. */
  readonly scratchDirectory: string;
}

/**
 * Removes a campaign from the database and its directory from the disk; what was only partly removed when this process was
 * killed goes when it is deleted again. Throws PasekaError campaign-running, unknown-campaign.
 */
export async function deleteCampaign(store: CampaignStore, id: string, place: CampaignPlace): Promise<void> {
  using _claim = store.claim(id);
  await using scratch = await makeScratchDirectory(place.scratchDirectory, 'deleted');
  if (await pathExists(place.directory)) await moveFile(place.directory, join(scratch.path, id));
  store.remove(id);
}
