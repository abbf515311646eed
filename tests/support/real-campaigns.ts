// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { openDatabase } from '../../src/db/database.ts';
import type { RecordedEvent } from '../../src/events/events.ts';
import type { StateDirectory } from '../../src/host/state-directory.ts';
import type { HostReport } from '../../src/server/api/host.ts';
import { writeEvents } from './write-campaign.ts';

/** Campaigns that were run on Debian's own sources, as script/record-campaigns.ts kept them. */
export interface RealCampaigns {
  /** The events of each, oldest first. */
  readonly campaigns: readonly (readonly RecordedEvent[])[];
  /** Logs by campaign and path below it: of everything that did not pass, and of some that did. */
  readonly logs: Readonly<Record<string, string>>;
  /** What the machine had kept by then. */
  readonly host: HostReport;
}

const path = join(import.meta.dirname, '../fixtures/real-campaigns.json.zst');

export function readRealCampaigns(): RealCampaigns {
  return JSON.parse(zstdDecompressSync(readFileSync(path)).toString('utf8')) as RealCampaigns;
}

/** Puts them into a state directory. */
export async function writeRealCampaigns(
  state: StateDirectory,
  { campaigns, logs }: RealCampaigns,
): Promise<void> {
  using database = openDatabase(state.database);
  for (const events of campaigns) await writeEvents(database, events);
  for (const [name, text] of Object.entries(logs)) {
    const target = join(state.campaigns, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
