// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { buildingWith, engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import {
  type ErrorDocument,
  paseka,
  pasekaJson,
  type RunningPaseka,
  startPaseka,
} from '../support/paseka.ts';
import { readRebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { onTerminal } from '../support/terminal-session.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

interface Summary {
  readonly id: string;
  readonly status: string;
  readonly tasks: number;
  readonly built: number;
}

async function list(place: Place): Promise<readonly Summary[]> {
  const document = await pasekaJson<{ campaigns: readonly Summary[] }>(['campaign', 'list'], 0, place);
  return document.campaigns;
}

async function newest(place: Place): Promise<Summary> {
  const [campaign] = await list(place);
  if (campaign === undefined) throw new Error('no campaign');
  return campaign;
}

/** How often an attempt of each source was started, over the whole life of a campaign. */
async function attemptsStarted(place: Place, id: string): Promise<Record<string, number>> {
  const { stdout } = await paseka(['campaign', 'export', id, '--events'], place);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; task: number; source: string });
  const sources = events.filter(({ type }) => type === 'task-added').map(({ source }) => source);
  const counts: Record<string, number> = {};
  for (const { type, task } of events) {
    const source = sources[task] ?? '';
    if (type === 'attempt-started') counts[source] = (counts[source] ?? 0) + 1;
  }
  return counts;
}

engineTests('campaigns', (engine) => {
  /** A campaign of `gamma`, which is built, and of a source that waits; its directory is removed. */
  async function beginWaiting(place: Place): Promise<RunningPaseka> {
    const source = await place.source(waiting);
    const words = ['rebuild', ...engine.from, '--verbose', '--jobs', '2', 'gamma', source];
    const running = startPaseka(words, place);
    await Promise.all([running.said(/^begun$/m), running.said(/^gamma: built/m)]);
    await fs.rm(source, { recursive: true });
    return running;
  }

  /** Goes on until the waiting build waits, and lets it end. */
  async function resume(place: Place, id: string): Promise<void> {
    await using running = startPaseka(['campaign', 'resume', id, '--verbose', '--json'], place);
    await running.said(new RegExp(`^going on with ${id}: 1 of 2 were done$`, 'm'));
    await running.said(/^begun$/m);
    openGate(place, running);
    const { status, stdout, stderr } = await running.ended;
    expect(status, stderr).toBe(1);
    const document = readRebuildDocument(stdout);
    expect(document.campaign.id).toBe(id);
    expect(taskOf(document, 'gamma').outcome).toBe('built');
    expect(taskOf(document, 'waiting')).toMatchObject({ outcome: 'failed', reason: 'error: opened' });
    expect(await attemptsStarted(place, id)).toEqual({ gamma: 1, waiting: 2 });
  }

  test('killed in mid-build: gone on with, what was built is not built again', async () => {
    await using place = await makePlace(engine);
    await using running = await beginWaiting(place);
    running.kill('SIGKILL');
    await running.ended;
    const { id, ...killed } = await newest(place);
    expect(killed).toMatchObject({ status: 'interrupted', tasks: 2, built: 1 });
    await resume(place, id);
    expect(await newest(place)).toMatchObject({ id, status: 'ended', tasks: 2, built: 1 });
    // nothing is left to be done, and nothing is
    expect((await paseka(['campaign', 'resume', id], place)).stderr).toMatch(/^nothing is left to be done/);
    expect(await attemptsStarted(place, id)).toEqual({ gamma: 1, waiting: 2 });
  });

  test('two processes want to go on with a campaign: one does, the other is told', async () => {
    await using place = await makePlace(engine);
    await using running = await beginWaiting(place);
    running.kill('SIGKILL');
    await running.ended;
    const { id } = await newest(place);
    const words = ['campaign', 'resume', id, '--verbose', '--json'];
    await using one = startPaseka(words, place);
    await using other = startPaseka(words, place);
    const winner = await Promise.any(
      [one, other].map(async (candidate) => {
        await candidate.said(/^begun$/m);
        return candidate;
      }),
    );
    const refused = await (winner === one ? other : one).ended;
    expect((JSON.parse(refused.stdout) as ErrorDocument).error.code).toMatch(
      /^(campaign-running|state-busy)$/,
    );
    openGate(place, winner);
    expect((await winner.ended).status).toBe(1);
    expect(await attemptsStarted(place, id)).toEqual({ gamma: 1, waiting: 2 });
    expect(await newest(place)).toMatchObject({ id, status: 'ended', tasks: 2, built: 1 });
  });

  test('a running campaign can be cancelled and nothing else; then gone on with, and deleted', async () => {
    await using place = await makePlace(engine);
    await using running = await beginWaiting(place);
    const { id } = await newest(place);
    for (const verb of ['resume', 'retry', 'delete']) {
      const { error } = await pasekaJson<ErrorDocument>(['campaign', verb, id], 2, place);
      expect(error).toMatchObject({ code: 'campaign-running', hint: expect.stringContaining('cancel') });
    }
    await pasekaJson(['campaign', 'cancel', id.slice(0, -2), '--now', '--wait'], 0, place);
    expect((await running.ended).stdout).toContain(`paseka campaign resume ${id}\n`);
    expect(await newest(place)).toMatchObject({ id, status: 'cancelled', built: 1 });
    const refused = await pasekaJson<ErrorDocument>(['campaign', 'cancel', id], 2, place);
    expect(refused.error.code).toBe('campaign-not-running');
    await resume(place, id);
    expect(existsSync(join(place.state, 'campaigns', id))).toBe(true);
    expect(await pasekaJson(['campaign', 'delete', id], 0, place)).toEqual({ deleted: [id] });
    expect(existsSync(join(place.state, 'campaigns', id))).toBe(false);
    expect(await list(place)).toEqual([]);
  });

  test('list, show, log and export tell what was; retry builds again what was not built', async () => {
    await using place = await makePlace(engine);
    const loud = buildingWith(
      'loud',
      'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo "line $i of much"; done; exit 1',
    );
    const first = await rebuild([...engine.from, 'gamma', await place.source(loud)], 1, place);
    const { id } = first.document.campaign;
    await rebuild([...engine.from, 'gamma'], 0, place);
    expect((await list(place)).map((campaign) => campaign.id).indexOf(id)).toBe(1);

    const shown = await pasekaJson<{ tasks: readonly unknown[]; clusters: readonly unknown[] }>(
      ['campaign', 'show', id, '--outcome', 'failed'],
      0,
      place,
    );
    expect(shown.tasks).toEqual([taskOf(first.document, 'loud')]);
    expect(shown.clusters).toMatchObject([{ kind: 'failed', sources: ['loud'] }]);

    const path = taskOf(first.document, 'loud').log ?? '';
    expect(path).toMatch(/\.log\.zst$/);
    const lines = async (...words: readonly string[]): Promise<string[]> => {
      const { stdout, status } = await paseka(['campaign', 'log', id, 'loud', ...words], place);
      expect(status).toBe(0);
      return stdout.split('\n').slice(0, -1);
    };
    const all = await lines();
    const at = all.indexOf('line 15000 of much') + 1;
    expect(await lines('--lines', `${at}-${at + 1}`, '-n')).toEqual([
      ` ${at}  line 15000 of much`,
      ` ${at + 1}  line 15001 of much`,
    ]);
    expect(await lines('--search', 'line 1999')).toHaveLength(11);
    expect(await lines('--tail', '1')).toEqual([expect.stringContaining('failed (build)')]);

    const document = await pasekaJson<{ format: number; attempts: readonly unknown[] }>(
      ['campaign', 'export', id],
      0,
      place,
    );
    expect(document.format).toBe(1);
    const out = join(place.scratch, 'out');
    const retried = await paseka(['campaign', 'retry', id, '--json'], place);
    expect(taskOf(readRebuildDocument(retried.stdout), 'loud')).toMatchObject({
      outcome: 'failed',
      attempts: 2,
    });
    expect(await attemptsStarted(place, id)).toEqual({ gamma: 1, loud: 2 });
    const second = await rebuild([...engine.from, '--out', out, await place.source(loud)], 1, place);
    expect(readFileSync(taskOf(second.document, 'loud').log ?? '', 'utf8')).toContain('\nline 777 of much\n');
  });

  test('on a terminal the live lines say what runs; what has ended scrolls away above them', async () => {
    await using place = await makePlace(engine);
    const { status, stdout } = await paseka(['rebuild', ...engine.from, '--no-install-check', 'gamma'], {
      state: place.state,
      environment: { TERM: 'xterm' },
      wrap: onTerminal,
    });
    const said = stripVTControlCharacters(stdout);
    expect(status, said).toBe(0);
    expect(said).toMatch(/^gamma: built in /m);
    expect(said).not.toContain('gamma: started');
  });

  test('what can’t be answered is said', async () => {
    await using place = await makePlace(engine);
    const { document } = await rebuild([...engine.from, 'gamma'], 0, place);
    const { id } = document.campaign;
    const refused = async (...words: readonly string[]): Promise<ErrorDocument['error']> =>
      (await pasekaJson<ErrorDocument>(['campaign', ...words], 2, place)).error;
    const near = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await refused('show', near)).toMatchObject({
      code: 'unknown-campaign',
      hint: `did you mean ${id}?`,
    });
    expect(await refused('log', id, 'gama')).toMatchObject({
      code: 'unknown-source',
      hint: 'did you mean gamma?',
    });
    expect(await refused('log', id, 'gamma', '--attempt', '2')).toMatchObject({ code: 'unknown-log' });
    expect(await refused('log', id, 'gamma', '--lines', '9-3')).toMatchObject({ code: 'bad-option' });
    expect(await refused('retry', id)).toMatchObject({ code: 'bad-option' });
    expect(await refused('resume', 'x')).toMatchObject({ code: 'unknown-campaign' });
  });
});
