// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Makes docs/screenshots: every page of the dashboard, light and dark, and as on a phone. What they show are campaigns that were
 * really run (tests/fixtures/real-campaigns.json.zst), the same each time; one of them is shown in its midst. Needs Chromium, and
 * the page built (script/bootstrap).
 *
 *     node script/screenshots.ts [DIRECTORY]
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CampaignWriter } from '../src/db/campaign-writer.ts';
import { openDatabase } from '../src/db/database.ts';
import type { RecordedEvent } from '../src/events/events.ts';
import { applyEvent, emptyCampaign } from '../src/events/fold.ts';
import { startBrowser } from '../tests/support/browser.ts';
import { readRealCampaigns, writeRealCampaigns } from '../tests/support/real-campaigns.ts';
import { serveCampaigns } from '../tests/support/served-state.ts';

const directory = resolve(process.argv[2] ?? join(import.meta.dirname, '../docs/screenshots'));
const real = readRealCampaigns();
const [first = [], second = []] = real.campaigns;

/** The events until so many tasks have ended. */
function until(events: readonly RecordedEvent[], tasks: number): readonly RecordedEvent[] {
  const ends = events.filter(({ type }) => type === 'task-ended');
  const last = ends[tasks]?.seq ?? events.length;
  return events.slice(0, last + 30);
}

function idOf(events: readonly RecordedEvent[]): string {
  const [start] = events;
  return start?.type === 'campaign-started' ? start.campaign : '';
}

/** The number of the first task that did not pass for a reason that its log tells. */
function failedTask(events: readonly RecordedEvent[]): number {
  const state = emptyCampaign();
  for (const event of events) applyEvent(state, event);
  const found = state.tasks
    .values()
    .find(({ outcome }) => outcome?.kind === 'failed' && (outcome.failure?.lines.length ?? 0) > 0);
  return found?.task ?? 0;
}

await mkdir(directory, { recursive: true });
await using served = await serveCampaigns([]);
await writeRealCampaigns(served.state, real);

/** A campaign that this process runs, as far as the server can tell. */
using database = openDatabase(served.state.database);
await using writer = new CampaignWriter(database, { request: '{}' });
const running = until(second, Math.floor(second.filter(({ type }) => type === 'task-ended').length / 2));
const runningId = `${idOf(second).slice(0, -4)}beef`;
const state = emptyCampaign();
for (const event of running) {
  const own = event.type === 'campaign-started' ? { ...event, campaign: runningId } : event;
  applyEvent(state, own);
  writer.write(own, state);
}
writer.commit();

const failed = failedTask(second);
const failedName = sourceOf(second, failed);
const pages = [
  ['campaigns', '/', idOf(first)],
  ['start', '/start', 'Builds at once'],
  ['running', `/campaigns/${runningId}`, 'live'],
  ['campaign', `/campaigns/${idOf(second)}`, failedName],
  ['failures', `/campaigns/${idOf(second)}?view=failures`, failedName],
  ['workers', `/campaigns/${idOf(second)}?view=workers`, 'zoom in'],
  ['resources', `/campaigns/${idOf(second)}?view=resources`, 'busy cores'],
  ['task', `/campaigns/${idOf(second)}/tasks/${failed}`, 'Phases'],
  ['compare', `/compare/${idOf(first)}/${idOf(second)}`, 'Regressions'],
  ['package', `/packages/${failedName}`, idOf(second)],
  ['host', '/host', 'free on disk'],
] as const;

function sourceOf(events: readonly RecordedEvent[], task: number): string {
  const added = events.find((event) => event.type === 'task-added' && event.task === task);
  return added?.type === 'task-added' ? added.source : '';
}

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const looks = [
  { suffix: 'light', colorScheme: 'light', viewport: desktop },
  { suffix: 'dark', colorScheme: 'dark', viewport: desktop },
  { suffix: 'phone', colorScheme: 'light', viewport: phone },
] as const;

await using browser = await startBrowser();
for (const { suffix, ...look } of looks) {
  for (const [name, path, text] of pages) {
    await using opened = await browser.open(`${served.address}/?token=${served.token}`, look);
    const { page } = opened;
    await page.clock.setFixedTime(state.at + 1500);
    await page.route('**/api/host', (route) => route.fulfill({ json: real.host }));
    await page.goto(`${served.address}${path}`);
    await page.getByText(text).filter({ visible: true }).first().waitFor();
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(directory, `${name}-${suffix}.png`) });
  }
}
