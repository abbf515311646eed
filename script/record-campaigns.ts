// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Keeps campaigns of a state directory, oldest first, as what tests and pictures of the dashboard show:
 * tests/fixtures/real-campaigns.json.zst. Names of mirrors and the place of the state directory are replaced.
 *
 *     node script/record-campaigns.ts STATE CAMPAIGN...
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { CampaignStore } from '../src/db/campaign-store.ts';
import { openDatabase } from '../src/db/database.ts';
import { debian } from '../src/distro/deb/debian.ts';
import { isPassed } from '../src/events/outcome.ts';
import { openLog } from '../src/host/log/open-log.ts';
import { openStateDirectory } from '../src/host/state-directory.ts';
import { hostReader } from '../src/server/read-host.ts';
import { savingsOf } from '../src/server/savings.ts';
import { SnapshotStore } from '../src/snapshot/snapshot-store.ts';

/** Of what passed, so many logs of each campaign; of longer ones the first lines. */
const passedLogs = 3;
const longestLog = 3000;

const [place = '', ...ids] = process.argv.slice(2);
const state = await openStateDirectory(resolve(place));
using database = openDatabase(state.database);
const store = new CampaignStore(database);
const logs: Record<string, string> = {};
for (const id of ids) {
  let passed = 0;
  for (const task of store.state(id).tasks.values()) {
    const isKept = task.outcome === undefined || !isPassed(task.outcome) || passed++ < passedLogs;
    for (const { log } of isKept ? task.attempts : []) {
      await using opened = await openLog(join(state.campaigns, id, log));
      const lines = (await opened?.lines(1, longestLog)) ?? [];
      logs[`${id}/${log}`] = lines.map(({ text }) => `${text}\n`).join('');
    }
  }
}
const host = await hostReader(state, { snapshots: new SnapshotStore(state, debian) })();
const campaigns = ids.map((id) => store.events(id, 0, Number.MAX_SAFE_INTEGER));
const savings = savingsOf(host, store.state(ids[0] ?? ''));
const text = JSON.stringify({ campaigns, logs, host: { ...host, savings } })
  .replaceAll(state.path, '/var/lib/paseka')
  .replaceAll(/\b(https?|ftp):\/\/[^/\s"']+\/debian/g, 'http://mirror.example.org/debian');
const target = join(import.meta.dirname, '../tests/fixtures/real-campaigns.json.zst');
const packed = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
writeFileSync(target, packed);
process.stdout.write(`${target}: ${Math.round(packed.length / 1000)} kB\n`);
