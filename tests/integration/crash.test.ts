// SPDX-License-Identifier: GPL-2.0-or-later
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CampaignStore } from '../../src/db/campaign-store.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { RecordedEvent } from '../../src/events/events.ts';
import { openLog } from '../../src/host/log/open-log.ts';
import { runSimulatedCampaign } from '../support/simulated-campaign.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { testCache } from '../support/test-cache.ts';

const kills = 100;
const tasks = 200;
const driver = resolve(import.meta.dirname, '../support/simulated-campaign-driver.ts');

/** A process that has everything in memory and waits for its order. */
async function ready(statePath: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', driver, statePath, String(tasks)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(testCache, 'compiled') },
    },
  );
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

/** Lets it run until it ends or is killed, some time after its order or after it has begun; whether it was killed. */
async function live(child: ChildProcess, lifeMs: number, from: 'order' | 'begin'): Promise<boolean> {
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  child.stdin?.write('go\n');
  const begun =
    from === 'order' ? Promise.resolve() : once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  const timer = Promise.race([begun.then(() => delay(lifeMs)), exit]).then(() => child.kill('SIGKILL'));
  const [status, signal] = await exit;
  await timer;
  if (signal === null && status !== 0) throw new Error(`the campaign failed with status ${status}`);
  return signal === 'SIGKILL';
}

interface End {
  readonly outcomes: readonly unknown[];
  readonly totals: unknown;
  readonly endings: readonly number[];
  readonly rows: readonly unknown[];
  readonly attempts: readonly unknown[];
}

/** What a campaign came to, without its times: as the events tell it, as the tables do, and as it is on the disk. */
async function endOf(statePath: string, id: string): Promise<End> {
  using database = openDatabase(join(statePath, 'paseka.sqlite'));
  const store = new CampaignStore(database);
  expect(store.find(id)).toMatchObject({ status: 'ended', tasks, ended: tasks });
  const state = store.state(id);
  const directory = join(statePath, 'campaigns', id);
  const outcomes = [];
  for (const task of state.tasks.values()) {
    const files = task.artifacts.map(({ file, sha256 }) => {
      const path = join(directory, 'results', `${task.source}_1`, file);
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
      return { file, sha256 };
    });
    const [attempt] = task.attempts;
    await using log = await openLog(join(directory, attempt?.log ?? ''));
    const packed = existsSync(join(directory, `${attempt?.log}.zst`));
    const lines = await log?.search(`${task.source}: line`, 1, 10_000);
    outcomes.push({ source: task.source, outcome: task.outcome, files, lines: lines?.length, packed });
  }
  const endings = new Array<number>(tasks).fill(0);
  for (const event of allEvents(store, id)) {
    if (event.type === 'task-ended') endings[event.task] = (endings[event.task] ?? 0) + 1;
  }
  return {
    outcomes,
    totals: { ...state.totals, endedMs: null },
    endings,
    rows: database.all(
      `SELECT task, source, tasks.outcome FROM tasks JOIN campaigns ON number = campaign WHERE id = ?`,
      id,
    ),
    attempts: database.all(
      `SELECT task, attempt, attempts.outcome, stage, count(file) AS files
        FROM attempts JOIN campaigns ON number = attempts.campaign LEFT JOIN artifacts USING (campaign, task)
        WHERE id = ? GROUP BY task, attempt`,
      id,
    ),
  };
}

function* allEvents(store: CampaignStore, id: string): Generator<RecordedEvent> {
  for (let seq = 0, at = 0; ; ) {
    const events = store.events(id, seq, 1000);
    for (const event of events) {
      expect(event.seq).toBe(++seq);
      expect(event.at, 'time goes on').toBeGreaterThanOrEqual(at);
      at = event.at;
      yield event;
    }
    if (events.length === 0) return;
  }
}

test(`killed ${kills} times at any moment, campaigns come to the end that an undisturbed one comes to`, async () => {
  await using directory = await makeTemporaryDirectory('crash-');
  const undisturbed = join(directory.path, 'undisturbed');
  const id = await runSimulatedCampaign({ statePath: undisturbed, tasks, durationMs: () => 0 });
  const expected = await endOf(undisturbed, id);

  const statePath = join(directory.path, 'killed');
  const waiting: Promise<ChildProcess>[] = [];
  const next = async (): Promise<ChildProcess> => {
    while (waiting.length < 3) waiting.push(ready(statePath));
    return (await waiting.shift()) as ChildProcess;
  };
  let killed = 0;
  try {
    while (killed < kills) {
      const from = killed % 4 === 0 ? 'order' : 'begin';
      if (await live(await next(), Math.random() * 80, from)) killed++;
    }
    await live(await next(), 60_000, 'begin');
  } finally {
    for (const child of await Promise.all(waiting)) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }
  using database = openDatabase(join(statePath, 'paseka.sqlite'));
  const campaigns = new CampaignStore(database).list();
  const resumptions = database.all<{ count: number }>(
    "SELECT count(*) AS count FROM events WHERE type = 'campaign-resumed'",
  );
  expect(resumptions[0]?.count, 'most lives were long enough to go on').toBeGreaterThan(kills / 2);
  for (const campaign of campaigns) expect(await endOf(statePath, campaign.id)).toEqual(expected);
});
