// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { TaskDependencies } from '../../src/server/api/tasks.ts';
import { startBrowser } from '../support/browser.ts';
import { requires } from '../support/capabilities.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { followEvents } from '../support/event-client.ts';
import { type ErrorDocument, paseka, pasekaJson, startPaseka } from '../support/paseka.ts';
import { rebuild } from '../support/rebuild-document.ts';
import { lookAtCampaign, type ServedPlace, servePlace, untilOver } from '../support/served-place.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

interface TaskDocument {
  readonly task: { readonly status: string; readonly attempts: readonly { readonly outcome?: object }[] };
}

/** The snapshot that the tests' distribution was frozen as. */
async function snapshotOf(place: Place): Promise<string> {
  const { snapshots } = await pasekaJson<{ snapshots: readonly { id: string }[] }>(
    ['snapshot', 'list'],
    0,
    place,
  );
  return snapshots[0]?.id ?? '';
}

/** Until the build that waits in a campaign's task waits. */
async function untilItWaits(served: ServedPlace, campaign: string, task: number): Promise<void> {
  const path = `/api/campaigns/${campaign}/tasks/${task}`;
  await expect
    .poll(async () => (await served.get<TaskDocument>(path)).task.status, { timeout: 60_000 })
    .toBe('running');
  const lines = async (): Promise<readonly string[]> =>
    (await served.get<{ lines: readonly string[] }>(`${path}/log?from=-5`)).lines;
  await expect.poll(lines, { timeout: 60_000 }).toContain('begun');
}

engineTests('campaigns that are asked for over HTTP', (engine) => {
  test('one is started, goes on when the server is killed, is retried, stopped and gone on with', async () => {
    await using place = await makePlace(engine);
    const source = await place.source(waiting);
    const snapshot = await snapshotOf(place);
    let campaign: string;
    {
      await using served = await servePlace(place);
      const run = await served.start('/api/campaigns', {
        sources: [source],
        match: ['gamm?'],
        snapshot,
        jobs: 1,
      });
      expect(run).toMatchObject({ status: 'started' });
      campaign = run.campaign ?? '';
      await untilItWaits(served, campaign, 0);
      const second = await served.start('/api/campaigns', { sources: ['gamma'], snapshot });
      expect(second).toMatchObject({ status: 'refused', error: { code: 'state-busy' } });
      for (const verb of ['retry', 'resume']) {
        expect((await served.post(`/api/campaigns/${campaign}/${verb}`, {})).status).toBe(409);
      }
      await served.kill();
    }
    const { status, pid = 0 } = lookAtCampaign(place, campaign);
    expect(status).toBe('running');
    openGate(place, { pid });
    await untilOver(place, campaign, 'ended');

    await using served = await servePlace(place);
    const retried = await served.start(`/api/campaigns/${campaign}/retry`, {});
    expect(retried).toMatchObject({ status: 'started', campaign });
    await untilItWaits(served, campaign, 0);
    const stopped = await served.post(`/api/campaigns/${campaign}/cancel`, { now: true });
    expect(stopped.status).toBe(200);
    await untilOver(place, campaign, 'cancelled');
    expect(await served.start(`/api/campaigns/${campaign}/resume`, {})).toMatchObject({ status: 'started' });
    await untilItWaits(served, campaign, 0);
    openGate(place, { pid: lookAtCampaign(place, campaign).pid ?? 0 });
    await untilOver(place, campaign, 'ended');
    const { task } = await served.get<TaskDocument>(`/api/campaigns/${campaign}/tasks/0`);
    expect(task.attempts.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'failed' },
      { kind: 'cancelled' },
      { kind: 'failed' },
    ]);
  });

  test('what can’t be started is refused with the reason', async () => {
    await using place = await makePlace(engine);
    await using served = await servePlace(place);
    const snapshot = await snapshotOf(place);
    const refused = await served.start('/api/campaigns', { sources: ['gama'], snapshot });
    expect(refused).toMatchObject({
      status: 'refused',
      error: { code: 'unknown-source', hint: expect.stringContaining('gamma') },
    });
    const bodies: readonly object[] = [
      { sources: ['--all'] },
      { sources: ['gamma'], with: ['relative/path'] },
      { sources: ['gamma'], snapshot: '--help' },
      { sources: ['gamma'], jobs: 0 },
      { sources: ['gamma\n--all'] },
      { sources: ['gamma'], surprise: true },
    ];
    for (const body of bodies) {
      const { status, body: said } = await served.post('/api/campaigns', body);
      expect(status, JSON.stringify(body)).toBe(400);
      expect((JSON.parse(said) as ErrorDocument).error.code).toBe('bad-option');
    }
    expect((await served.post('/api/campaigns', { sources: ['gamma'.repeat(100_000)] })).status).toBe(413);
    const { campaigns } = await served.get<{ campaigns: readonly object[] }>('/api/campaigns');
    expect(campaigns).toEqual([]);
  });

  test('why each dependency of a task is there, as resolve --why says it', async () => {
    await using place = await makePlace(engine);
    const { document } = await rebuild([...engine.from, 'alpha', 'unsatisfiable'], 1, place);
    const { id } = document.campaign;
    await using served = await servePlace(place);
    const path = (task: number): string => `/api/campaigns/${id}/tasks/${task}/dependencies`;
    const [found, again] = await Promise.all([
      served.get<TaskDependencies>(path(0)),
      served.get<TaskDependencies>(path(0)),
    ]);
    const why = new Map(found.packages.map((one) => [one.name, one.why]));
    expect(why.get('hive-tool')).toMatch(/Build-Depends hive-tool/);
    expect(why.get('hive-data')).toMatch(/^hive-tool: Depends hive-data/);
    expect(again).toEqual(found);
    const resolved = await pasekaJson<TaskDependencies>(
      ['resolve', ...engine.from, '--why', 'alpha'],
      0,
      place,
    );
    expect(found.packages).toEqual(resolved.packages);
    const told = await paseka(['campaign', 'dependencies', id, 'alpha'], place);
    expect(told.stdout).toMatch(/^hive-data +\S+ +all +hive-tool: Depends hive-data/m);
    const none = await served.get<TaskDependencies>(path(1));
    expect(none).toMatchObject({
      packages: [],
      unsatisfiable: expect.stringContaining('nowhere-to-be-found'),
    });
  });

  test('rebuild --serve: the dashboard of a campaign as long as it runs', async () => {
    await using place = await makePlace(engine);
    const source = await place.source(waiting);
    const words = ['rebuild', ...engine.from, '--verbose', '--serve', '--listen', '127.0.0.1:0', source];
    await using running = startPaseka(words, place);
    const [, address = ''] = await running.said(/^the dashboard is at (http:\/\/[\d.:]+) until/m);
    expect((await fetch(`${address}/health`)).status).toBe(200);
    await running.said(/^begun$/m);
    const list = (await (await fetch(`${address}/api/campaigns`)).json()) as {
      readonly campaigns: readonly { readonly id: string; readonly status: string }[];
    };
    expect(list.campaigns).toMatchObject([{ status: 'running' }]);
    using client = await followEvents(address, list.campaigns[0]?.id ?? '');
    openGate(place, running);
    expect((await running.ended).status).toBe(1);
    expect(client.events.at(-1)).toMatchObject({ type: 'campaign-ended' });
    await expect(fetch(`${address}/health`)).rejects.toThrow();
  });

  requires('chromium')('in a browser', () => {
    test('the form starts a campaign; a task says why its dependencies are there, and is built again', async () => {
      await using place = await makePlace(engine);
      const snapshot = await snapshotOf(place);
      await using served = await servePlace(place);
      await using browser = await startBrowser();
      await using opened = await browser.open(`${served.address}/start`);
      const { page } = opened;
      await page.getByText('Open this page by the address').waitFor();
      await page.goto(served.addressWithToken);
      await page.getByRole('link', { name: 'start one' }).click();
      await page.getByLabel('Sources', { exact: true }).fill('gama');
      await page.getByLabel('Snapshot').selectOption(snapshot);
      await page.getByRole('button', { name: 'start' }).click();
      await page.getByText('did you mean gamma?').waitFor();
      await page.getByLabel('Sources', { exact: true }).fill('alpha\nunsatisfiable');
      expect(await opened.findings()).toEqual([]);
      await page.getByRole('button', { name: 'start' }).click();
      await page.waitForURL(/campaigns\/\d+/);
      await page.locator('.status.ended').waitFor({ timeout: 120_000 });
      const [, campaign = ''] = /campaigns\/([\w-]+)/.exec(page.url()) ?? [];
      await page.getByRole('button', { name: 'retry failed' }).click();
      await page.getByRole('button', { name: 'build 1 source again' }).click();
      const attempts = async (task: number): Promise<number> =>
        (await served.get<TaskDocument>(`/api/campaigns/${campaign}/tasks/${task}`)).task.attempts.length;
      await expect.poll(() => attempts(1), { timeout: 60_000 }).toBe(2);
      await untilOver(place, campaign, 'ended');
      await page.getByRole('link', { name: 'alpha' }).click();
      await page.getByText('what was installed, and why').click();
      await page.getByText('hive-tool: Depends hive-data').waitFor({ timeout: 60_000 });
      expect(await opened.findings()).toEqual([]);
      await page.getByRole('button', { name: 'build again' }).click();
      await expect.poll(() => attempts(0), { timeout: 60_000 }).toBe(2);
      await untilOver(place, campaign, 'ended');
      expect(opened.faults).toEqual([]);
    });
  });
});
