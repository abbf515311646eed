// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CampaignWriter } from '../../src/db/campaign-writer.ts';
import { openDatabase } from '../../src/db/database.ts';
import { failureClusters } from '../../src/events/failure-clusters.ts';
import { applyEvent, emptyCampaign } from '../../src/events/fold.ts';
import { AppendFile } from '../../src/host/append-file.ts';
import { packLog } from '../../src/host/log/pack-log.ts';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { requires } from '../support/capabilities.ts';
import { paseka } from '../support/paseka.ts';
import { recordCampaign } from '../support/recorded-campaign.ts';
import { type ServedState, serveCampaigns } from '../support/served-state.ts';
import { writeEvents } from '../support/write-campaign.ts';

const startedAt = Date.UTC(2026, 2, 1, 14, 25);
const before = { id: '20260301-142500-aaaa', seed: 1, tasks: 300, workers: 6, startedAt };
const after = { ...before, id: '20260302-142500-bbbb', seed: 2, startedAt: startedAt + 86_400_000 };
const beforeEvents = recordCampaign(before);
const failed = failedTask();
const builtTask = firstBuilt();

const isWiderThanWindow = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
/** Run in the page: the box of a log. */
const logBox = `document.querySelector('[aria-label="Lines of the log"]')`;
/** Run in the page: the numbers of lines of a log that are wholly in sight and say their own number. */
const linesInSight = `[...${logBox}.querySelectorAll('.log-line')]
  .filter((line) => {
    const [box, own] = [${logBox}.getBoundingClientRect(), line.getBoundingClientRect()];
    return own.top >= box.top && own.bottom <= box.bottom + 1;
  })
  .map((line) => /^(\\d+)says \\1$/.exec(line.textContent))
  .flatMap((match) => (match === null ? [] : [Number(match[1])]))`;

/** A task of the first campaign whose log says why it failed. */
function failedTask(): { task: number; source: string; line: string } {
  const state = emptyCampaign();
  for (const event of beforeEvents) applyEvent(state, event);
  for (const { task, source, outcome } of state.tasks.values()) {
    const line = outcome?.kind === 'failed' ? outcome.failure?.lines[0]?.text : undefined;
    if (line !== undefined) return { task, source, line };
  }
  throw new Error('nothing failed');
}

function firstBuilt(): number {
  const state = emptyCampaign();
  for (const event of beforeEvents) applyEvent(state, event);
  return state.tasks.values().find(({ outcome }) => outcome?.kind === 'built')?.task ?? -1;
}

requires('chromium')('the dashboard', () => {
  let served: ServedState;
  let browser: TestBrowser;
  beforeAll(async () => {
    [served, browser] = await Promise.all([
      serveCampaigns([beforeEvents, recordCampaign(after)]),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await served[Symbol.asyncDispose]();
  });

  const pages: readonly (readonly [path: string, text: string])[] = [
    ['/', after.id],
    [`/campaigns/${before.id}`, 'libamber'],
    [`/campaigns/${before.id}?view=failures`, 'compile-error'],
    [`/campaigns/${before.id}?view=workers`, 'zoom in'],
    [`/campaigns/${before.id}?view=resources`, 'busy cores'],
    [`/campaigns/${before.id}/tasks/${failed.task}`, failed.line],
    [`/compare/${before.id}/${after.id}`, 'Regressions'],
    ['/packages/libamber', before.id],
    ['/host', 'free on disk'],
  ];
  const looks = [
    { name: 'light', options: { colorScheme: 'light' } },
    { name: 'dark, on a phone', options: { colorScheme: 'dark', viewport: { width: 390, height: 844 } } },
  ] as const;
  for (const [path, text] of pages) {
    for (const { name, options } of looks) {
      test(`${path} is there, whole and accessible: ${name}`, async () => {
        await using opened = await browser.open(`${served.address}${path}`, options);
        await opened.page.getByText(text).first().waitFor();
        expect(await opened.findings()).toEqual([]);
        expect(opened.faults).toEqual([]);
        const isWider = await opened.page.evaluate<boolean>(isWiderThanWindow);
        expect(isWider, 'wider than the window').toBe(false);
      });
    }
  }

  test('what is chosen and sorted stands in the address, which shows the same again', async () => {
    await using opened = await browser.open(`${served.address}/campaigns/${before.id}`);
    const { page } = opened;
    await page.getByPlaceholder('name, version or reason').fill('amber');
    await page.getByRole('button', { name: 'source' }).click();
    await page.waitForURL(/q=amber.*sort=source/);
    const names = (): Promise<string[]> => page.locator('.task-body .source').allTextContents();
    await expect.poll(names).toContain('golang-amber');
    const shown = await names();
    expect(shown).toEqual(shown.toSorted());
    await using again = await browser.open(page.url());
    await again.page.getByText('golang-amber').first().waitFor();
    expect(await again.page.locator('.task-body .source').allTextContents()).toEqual(shown);
  });

  test('everything can be reached by the keyboard', async () => {
    await using opened = await browser.open(`${served.address}/`);
    const { page } = opened;
    const focused = (): Promise<string> => page.evaluate('document.activeElement?.textContent ?? ""');
    const tabTo = async (text: string): Promise<void> => {
      for (let presses = 0; presses < 60 && (await focused()) !== text; presses++)
        await page.keyboard.press('Tab');
      expect(await focused()).toBe(text);
    };
    await page.getByText(before.id).waitFor();
    await tabTo(before.id);
    await page.keyboard.press('Enter');
    await page.getByText('libamber').first().waitFor();
    await tabTo('libamber');
    for (let row = 0; row < 2; row++) await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('libcedar');
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate('document.activeElement?.closest("[data-index]")?.dataset.index'))
      .toBe(String(before.tasks - 1));
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe('libamber');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Phases' }).waitFor();
  });

  test('a log is searched, and a line of it has an address', async () => {
    await using opened = await browser.open(`${served.address}/campaigns/${before.id}/tasks/${failed.task}`);
    const { page } = opened;
    await page.locator('.log-line.decisive').first().waitFor();
    await page.getByPlaceholder('search').fill('warning:');
    await page
      .getByText(/^[0-9]+$/)
      .first()
      .waitFor();
    await page.getByPlaceholder('search').press('Enter');
    await page.waitForURL(/line=62/);
    expect(await page.locator('.log-line.current').textContent()).toContain('unused variable');
  });

  test('a log of 2.6 million lines is scrolled to its end and back, by wheel, bar and keys', async () => {
    const lines = 2_600_000;
    const long = { ...before, id: '20260228-142500-dddd', seed: 4, tasks: 3 };
    const events = recordCampaign(long);
    const state = emptyCampaign();
    for (const event of events) applyEvent(state, event);
    {
      using database = openDatabase(served.state.database);
      await writeEvents(database, events);
    }
    const path = join(
      served.state.campaigns,
      long.id,
      state.tasks.values().next().value?.attempts[0]?.log ?? '',
    );
    await mkdir(dirname(path), { recursive: true });
    {
      using file = new AppendFile(path);
      for (let first = 1; first <= lines; first += 100_000) {
        const text = Array.from({ length: 100_000 }, (_, index) => `says ${first + index}\n`).join('');
        file.write(Buffer.from(text));
      }
    }
    await packLog(path);
    await using opened = await browser.open(`${served.address}/campaigns/${long.id}/tasks/0`);
    const { page } = opened;
    const box = page.getByRole('region', { name: 'Lines of the log' });
    /** The first and last line in sight, each with its own text. */
    const inSight = (): Promise<readonly number[]> => page.evaluate(linesInSight);
    const first = async (): Promise<number> => Math.min(...(await inSight()));
    const last = async (): Promise<number> => Math.max(...(await inSight()));
    await expect.poll(first).toBe(1);
    await box.focus();
    await page.keyboard.press('End');
    await expect.poll(last).toBe(lines);
    await page.keyboard.press('Home');
    await expect.poll(first).toBe(1);
    await page.evaluate(`${logBox}.scrollTop = (${logBox}.scrollHeight - ${logBox}.clientHeight) / 2`);
    await expect.poll(async () => Math.abs((await first()) - lines / 2)).toBeLessThan(100);
    const middle = await first();
    await box.hover();
    for (let turns = 0; turns < 3; turns++) {
      await page.mouse.wheel(0, 180);
      await expect.poll(first).toBe(middle + 10 * (turns + 1));
    }
    await page.goto(`${served.address}/campaigns/${long.id}/tasks/0?line=2345678`);
    await page.locator('.log-line.current', { hasText: 'says 2345678' }).waitFor();
    expect(opened.faults).toEqual([]);
  });

  test('more of a cluster of failures leads to the tasks of that cluster', async () => {
    const state = emptyCampaign();
    for (const event of beforeEvents) applyEvent(state, event);
    const clusters = failureClusters(state);
    // Its class alone would show those of others, too.
    const cluster =
      clusters.find((one) => clusters.some((other) => other !== one && other.class === one.class)) ??
      clusters[0];
    await using opened = await browser.open(
      `${served.address}/campaigns/${before.id}?${new URLSearchParams({ cluster: cluster?.key ?? '' }).toString()}`,
    );
    const { page } = opened;
    const count = cluster?.tasks.length ?? 0;
    await page.getByText(`${count} of ${before.tasks}`).waitFor();
    await page.getByRole('button', { name: 'Show not only what failed' }).click();
    await expect.poll(() => page.locator('.found').textContent()).toBe('');
  });

  test('a campaign is seen from its start to its end, also when the server was killed meanwhile', async () => {
    const id = '20260303-142500-cccc';
    const events = recordCampaign({ ...before, id, tasks: 40, seed: 3, startedAt: Date.now() - 60_000 });
    const ends = events.flatMap(({ type }, index) => (type === 'task-ended' ? [index] : []));
    using database = openDatabase(served.state.database);
    await using writer = new CampaignWriter(database, { request: '{}' });
    const state = emptyCampaign();
    const writeUntil = (end: number): void => {
      for (const event of events.slice(state.seq, end)) {
        applyEvent(state, event);
        writer.write(event, state);
      }
    };
    writeUntil(42);
    await expect.poll(async () => (await fetch(`${served.address}/api/campaigns/${id}`)).status).toBe(200);
    await using opened = await browser.open(`${served.address}/campaigns/${id}`);
    const { page } = opened;
    const done = page.locator('.figures div', { hasText: 'done' }).locator('dd');
    await expect.poll(() => done.textContent()).toBe('0of 40');
    await page.getByText('live').waitFor();
    writeUntil((ends[9] ?? 0) + 1);
    await expect.poll(() => done.textContent(), { timeout: 10_000 }).toBe('10of 40');
    await served.kill();
    await page.getByText('reconnecting').waitFor();
    writeUntil((ends[19] ?? 0) + 1);
    await served.restart();
    await expect.poll(() => done.textContent(), { timeout: 20_000 }).toBe('20of 40');
    writeUntil(events.length);
    await page.locator('.status.ended').waitFor();
    expect(await done.textContent()).toBe('40of 40');
  });

  test('a report opens from a file without a server, as one file and as a directory', async () => {
    const directory = join(served.state.path, '..');
    for (const [given, page] of [
      ['report.html', 'report.html'],
      ['report', 'report/index.html'],
    ] as const) {
      const target = join(directory, given);
      const made = await paseka(['campaign', 'report', before.id, '--html', target], {
        state: served.state.path,
      });
      expect(made.status, made.stderr).toBe(0);
      const address = pathToFileURL(join(directory, page)).href;
      await using opened = await browser.open(address);
      await opened.page.getByText('libamber').first().waitFor();
      await opened.page.getByRole('link', { name: 'Workers' }).click();
      await opened.page.getByText('zoom in').waitFor();
      await opened.page.goto(`${address}#/campaigns/${before.id}/tasks/${failed.task}`);
      await opened.page.locator('.log-line.decisive').first().waitFor();
      expect(await opened.findings()).toEqual([]);
      // All that the page asks for is in it.
      await opened.page.goto(`${address}#/campaigns/${before.id}/tasks/${builtTask}`);
      await opened.page.getByRole('link', { name: 'Skip to the content' }).press('Enter');
      await opened.page.locator('main:focus h1').waitFor();
      expect(opened.faults).toEqual([]);
    }
  });

  test('a directory that is no report is left as it is', async () => {
    const directory = join(served.state.path, '..', 'own');
    await mkdir(join(directory, 'data'), { recursive: true });
    await writeFile(join(directory, 'data', 'precious'), 'mine');
    const refused = await paseka(['campaign', 'report', before.id, '--html', directory], {
      state: served.state.path,
    });
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('no report');
    expect(await readdir(join(directory, 'data'))).toEqual(['precious']);
  });
});
