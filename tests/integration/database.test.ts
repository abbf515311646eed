// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { EventRecorder } from '../../src/campaign/event-recorder.ts';
import { CampaignStore } from '../../src/db/campaign-store.ts';
import { CampaignWriter } from '../../src/db/campaign-writer.ts';
import { openDatabase } from '../../src/db/database.ts';
import { EarlierTries } from '../../src/db/earlier-tries.ts';
import { migrations } from '../../src/db/migrations.ts';
import { PackageHistory } from '../../src/db/package-history.ts';
import { TaskHistory } from '../../src/db/task-history.ts';
import type { CampaignEvent, RecordedEvent, TaskId } from '../../src/events/events.ts';
import type { Outcome } from '../../src/events/outcome.ts';
import { lastingIdentity } from '../../src/host/lasting-identity.ts';
import { identifyProcess } from '../../src/host/process-table.ts';
import { campaignStarted, taskEvents, usage } from '../support/campaign-events.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const schemaFile = resolve(import.meta.dirname, '../fixtures/schema.sql');
const failed: Outcome = {
  kind: 'failed',
  stage: 'build',
  reason: 'exit status 2',
  failure: { class: 'compile-error', lines: [{ line: 7, text: 'x.c: no such file' }], fingerprint: 'no x' },
};

/** Writes whole campaigns, one after the other; all events as the recorder gave them. */
async function record(path: string, ...campaigns: readonly CampaignEvent[][]): Promise<RecordedEvent[][]> {
  using database = openDatabase(path);
  const written: RecordedEvent[][] = [];
  let now = 1_000_000;
  for (const campaign of campaigns) {
    const recorder = new EventRecorder(() => (now += 10));
    await using writer = new CampaignWriter(database, { request: '{}' });
    const events: RecordedEvent[] = [];
    recorder.subscribe(writer.write);
    recorder.subscribe((event) => events.push(event));
    for (const event of campaign) recorder.emit(event);
    written.push(events);
  }
  return written;
}

const ended: CampaignEvent = { type: 'campaign-ended', cancelled: false };

test('the schema is the one that is committed', async () => {
  using database = openDatabase(':memory:');
  const dump = `-- What all migrations of src/db together make. script/test FILE -u writes it anew.\nPRAGMA user_version = ${migrations.length};\n\n${database.schema()}`;
  await expect(dump).toMatchFileSnapshot(schemaFile);
});

test('a database of a newer version, of another program, or none at all is refused', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  openDatabase(path)[Symbol.dispose]();
  using newer = new DatabaseSync(path);
  newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'state-newer' }));

  const other = join(directory.path, 'other.sqlite');
  using foreign = new DatabaseSync(other);
  foreign.exec('CREATE TABLE bookmarks (url TEXT)');
  expect(() => openDatabase(other)).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  expect(foreign.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'bookmarks' }]);

  const text = join(directory.path, 'text.sqlite');
  writeFileSync(text, 'this is no database, although it is long enough to be one\n'.repeat(100));
  expect(() => openDatabase(text)).toThrow(expect.objectContaining({ code: 'database-damaged' }));
  expect(() => openDatabase(join(directory.path, 'nowhere/x.sqlite'))).toThrow(
    expect.objectContaining({ code: 'state-not-writable' }),
  );
});

test('events come back as they were told, and the state with them', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  const task = 1 as TaskId;
  const [events = []] = await record(path, [
    campaignStarted('20260101-000000-aaaa'),
    { type: 'note', level: 'warning', message: 'beware' },
    ...taskEvents(0, 'alpha', { kind: 'built' }),
    ...taskEvents(1, 'beta', failed),
    { type: 'task-judged', task, verdict: 'regression' },
    { type: 'resources-sampled', memoryBytes: 1, upperBytes: 2, availableBytes: 3, busyCores: 0.5 },
    ended,
  ]);
  using database = openDatabase(path);
  const store = new CampaignStore(database);
  expect(store.events('20260101-000000-aaaa', 0, 1000)).toEqual(events);
  expect(store.events('20260101-000000-aaaa', 5, 2)).toEqual(events.slice(5, 7));
  const state = store.state('20260101-000000-aaaa');
  expect(state.totals).toMatchObject({ tasks: 2, ended: 2, built: 1 });
  expect(state.tasks.get(task)).toMatchObject({ outcome: failed, verdict: 'regression' });
  const rows = (sql: string): unknown[] => database.all(sql);
  expect(rows('SELECT source, outcome, verdict FROM tasks')).toEqual([
    { source: 'alpha', outcome: 'built', verdict: null },
    { source: 'beta', outcome: 'failed', verdict: 'regression' },
  ]);
  expect(rows('SELECT outcome, stage, detail, failure_class, fingerprint, wall_ms FROM attempts')).toEqual([
    {
      outcome: 'built',
      stage: null,
      detail: '{}',
      failure_class: null,
      fingerprint: null,
      wall_ms: usage.wallMs,
    },
    {
      outcome: 'failed',
      stage: 'build',
      detail: '{"reason":"exit status 2"}',
      failure_class: 'compile-error',
      fingerprint: 'no x',
      wall_ms: usage.wallMs,
    },
  ]);
  expect(rows('SELECT phase, detail, ended_at - started_at AS ms FROM phases WHERE task = 0')).toEqual([
    { phase: 'fetch', detail: 'source', ms: 10 },
    { phase: 'resolve', detail: null, ms: 20 },
    { phase: 'build', detail: null, ms: 10 },
    { phase: 'install-check', detail: 'alpha', ms: 20 },
  ]);
  expect(rows('SELECT package, outcome, decided_by FROM install_checks')).toEqual([
    { package: 'alpha', outcome: 'passed', decided_by: 'paseka' },
  ]);
  expect(rows('SELECT task, file FROM artifacts')).toEqual([{ task: 0, file: 'alpha_1_all.deb' }]);
  expect(rows('SELECT message FROM notes')).toEqual([{ message: 'beware' }]);
  expect(rows('SELECT upper_bytes FROM resource_samples')).toEqual([{ upper_bytes: 2 }]);
});

test('what has ended is seen at once by others, what is under way soon after', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  using database = openDatabase(path);
  using beside = openDatabase(path);
  const store = new CampaignStore(beside);
  const recorder = new EventRecorder(() => 1);
  await using writer = new CampaignWriter(database, { request: '{}' });
  recorder.subscribe(writer.write);
  recorder.emit(campaignStarted('c'));
  writer.commit();
  expect(store.list()).toMatchObject([{ id: 'c', status: 'running', tasks: 0, lastSeq: 1 }]);
  for (const event of taskEvents(0, 'alpha', failed)) recorder.emit(event);
  expect(store.state('c')).toEqual(recorder.state);
  recorder.emit({ type: 'preparing', what: 'something' });
  expect(store.find('c').lastSeq).toBeLessThan(recorder.state.seq);
  await expect.poll(() => store.state('c')).toEqual(recorder.state);
  await writer[Symbol.asyncDispose]();
  expect(existsSync(`${path}-wal`)).toBe(true);
});

test('while there is no room nothing is lost, and it is told', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  using database = openDatabase(join(directory.path, 'x.sqlite'));
  const store = new CampaignStore(database);
  const recorder = new EventRecorder(() => 1);
  const told: (string | undefined)[] = [];
  await using writer = new CampaignWriter(database, {
    request: '{}',
    onDiskFull: (error) => told.push(error?.code),
  });
  recorder.subscribe(writer.write);
  recorder.emit(campaignStarted('c'));
  writer.commit();
  // SQLite's own limit on the size of a file: what it does then is what it does on a full disk
  const [size] = database.all<{ page_count: number }>('PRAGMA page_count');
  database.all(`PRAGMA max_page_count = ${size?.page_count}`);
  for (let task = 0; task < 300; task++) {
    for (const event of taskEvents(task, `source${task}`, failed)) recorder.emit(event);
  }
  await expect.poll(() => told).toEqual(['disk-full']);
  expect(store.find('c').lastSeq).toBeLessThan(recorder.state.seq);
  database.all('PRAGMA max_page_count = 1000000');
  writer.commit();
  await expect.poll(() => told).toEqual(['disk-full', undefined]);
  expect(store.state('c')).toEqual(recorder.state);
});

test('campaigns are listed newest first and found by the beginning of their ids', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  const ids = ['20260102-000000-aaaa', '20260101-000000-bbbb', '20260103-000000-cccc'];
  await record(path, ...ids.map((id) => [campaignStarted(id), ended]));
  using database = openDatabase(path);
  const store = new CampaignStore(database);
  expect(store.list().map(({ id }) => id)).toEqual(ids.toReversed());
  expect(store.find('20260103')).toMatchObject({ id: ids[2], status: 'ended', suite: 'stable' });
  const refused = (id: string): { code: string; hint: string } => {
    try {
      return { code: '', hint: store.find(id).id };
    } catch (error) {
      return error as { code: string; hint: string };
    }
  };
  expect(refused('2026')).toMatchObject({
    code: 'unknown-campaign',
    hint: expect.stringContaining('say more'),
  });
  expect(refused('20260103-000000-cccd')).toMatchObject({
    code: 'unknown-campaign',
    hint: `did you mean ${ids[2]}, ${ids[1]} or ${ids[0]}?`,
  });
  expect(refused('')).toMatchObject({ code: 'unknown-campaign' });
  expect(refused('%')).toMatchObject({ code: 'unknown-campaign' });
});

test('history: what earlier builds took, and since when a source fails', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  const built: Outcome = { kind: 'built' };
  const hostFault: Outcome = { kind: 'host-fault', code: 'disk-full', message: 'full' };
  const campaign = (id: string, alpha: Outcome, beta: Outcome): CampaignEvent[] => [
    campaignStarted(id),
    ...taskEvents(0, 'alpha', alpha),
    ...taskEvents(1, 'beta', beta),
    ended,
  ];
  await record(
    path,
    campaign('1', failed, failed),
    campaign('2', built, built),
    campaign('3', failed, built),
    campaign('4', failed, hostFault),
    campaign('5', hostFault, built),
  );
  using database = openDatabase(path);
  const tasks = new TaskHistory(database);
  expect(tasks.attemptsOf('alpha', 'amd64', 2)).toMatchObject([
    { campaign: '5', outcome: 'host-fault', peakMemoryBytes: usage.peakMemoryBytes, parallel: 2 },
    { campaign: '4', outcome: 'failed' },
  ]);
  expect(tasks.attemptsOf('alpha', 'arm64', 2)).toEqual([]);
  const all = tasks.allAttempts('amd64', 3);
  expect([...all.keys()]).toEqual(['alpha', 'beta']);
  expect(all.get('beta')?.map((attempt) => attempt.campaign)).toEqual(['5', '4', '3']);

  const packages = new PackageHistory(database);
  expect(packages.outcomesOf('alpha').map(({ outcome }) => outcome)).toEqual([
    'host-fault',
    'failed',
    'failed',
    'built',
    'failed',
  ]);
  expect(packages.failing('stable', 'amd64')).toMatchObject([
    { source: 'alpha', outcome: 'failed', firstCampaign: '3', lastCampaign: '4', failures: 2 },
  ]);
  expect(packages.failing('unstable', 'amd64')).toEqual([]);
});

test('what earlier campaigns without a change say of the sources of a campaign', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  const built: Outcome = { kind: 'built' };
  const change = { overlay: 'f'.repeat(64), packages: [] };
  const campaign = (start: CampaignEvent, alpha: Outcome, beta: Outcome): CampaignEvent[] => [
    start,
    ...taskEvents(0, 'beta', beta),
    ...taskEvents(1, 'alpha', alpha),
    ended,
  ];
  const staged = taskEvents(0, 'alpha', failed).map((event) =>
    event.type === 'task-added' ? { ...event, level: 1 } : event,
  );
  await record(
    path,
    campaign(campaignStarted('old'), failed, built),
    campaign(campaignStarted('new'), built, { kind: 'timed-out', limitMs: 5 }),
    campaign({ ...campaignStarted('changed'), change } as CampaignEvent, failed, failed),
    campaign(campaignStarted('elsewhere', 'e'.repeat(64)), failed, failed),
    [campaignStarted('staged'), ...staged, ended],
    campaign({ ...campaignStarted('own'), change } as CampaignEvent, failed, failed),
    campaign(campaignStarted('later'), failed, failed),
  );
  using database = openDatabase(path);
  const tries = new EarlierTries(database);
  const known = tries.campaigns('own').map(({ id, request }) => `${id} ${request}`);
  expect(known).toEqual(['later {}', 'staged {}', 'new {}', 'old {}']);
  const [beta, alpha] = [0 as TaskId, 1 as TaskId];
  const found = tries.find('own', ['staged', 'new', 'old']);
  expect(found.get(alpha)).toEqual([
    { campaign: 'new', outcome: built, attempts: [{ outcome: built }], isChecked: true },
    { campaign: 'old', outcome: failed, attempts: [{ outcome: failed }], isChecked: false },
  ]);
  // what met a limit says nothing
  expect(found.get(beta)?.map((one) => one.campaign)).toEqual(['old']);
  expect(tries.find('own', [])).toEqual(new Map());
});

test('a campaign is one process’s at a time, until that lets it go', async () => {
  await using directory = await makeTemporaryDirectory('database-');
  const path = join(directory.path, 'x.sqlite');
  await record(path, [campaignStarted('c'), ended]);
  using database = openDatabase(path);
  const store = new CampaignStore(database);
  {
    using _claim = store.claim('c');
    expect(store.find('c').status).toBe('running');
    expect(store.runner('c')?.pid).toBe(process.pid);
  }
  expect(store.find('c').status).toBe('ended');
  const init = JSON.stringify({ ...lastingIdentity(), ...identifyProcess(1) });
  database.run('UPDATE campaigns SET runner = ?', init);
  expect(() => store.claim('c')).toThrow(expect.objectContaining({ code: 'campaign-running' }));
  const gone = JSON.stringify({ ...lastingIdentity(), startTime: '1' });
  database.run('UPDATE campaigns SET runner = ?', gone);
  using _claim = store.claim('c');
  expect(store.find('c').status).toBe('running');
  expect(() => store.claim('d')).toThrow(expect.objectContaining({ code: 'unknown-campaign' }));
});
