// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Makes docs/screenshots: every page of the dashboard over invented campaigns that are the same each time, light and dark.
 * Needs Chromium, and the page built (script/bootstrap).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../tests/support/browser.ts';
import { recordCampaign } from '../tests/support/recorded-campaign.ts';
import { serveCampaigns } from '../tests/support/served-state.ts';

const startedAt = Date.UTC(2026, 2, 1, 2, 15);
const day = 86_400_000;
const first = { id: '20260301-021500-4f0c', seed: 5, tasks: 420, workers: 8, startedAt };
const second = { ...first, id: '20260302-021500-91ab', seed: 6, startedAt: startedAt + day };
const directory = join(import.meta.dirname, '../docs/screenshots');

await mkdir(directory, { recursive: true });
await using served = await serveCampaigns([recordCampaign(first), recordCampaign(second)], 60);
await using browser = await startBrowser();
const pages = [
  ['campaigns', '/', second.id],
  ['campaign', `/campaigns/${second.id}`, 'libamber'],
  ['failures', `/campaigns/${second.id}?view=failures`, 'compile-error'],
  ['workers', `/campaigns/${second.id}?view=workers`, 'zoom in'],
  ['resources', `/campaigns/${second.id}?view=resources`, 'busy cores'],
  ['task', `/campaigns/${second.id}/tasks/9`, 'FAILED tests'],
  ['compare', `/compare/${first.id}/${second.id}`, 'Regressions'],
  ['package', '/packages/libamber', second.id],
  ['host', '/host', 'free on disk'],
] as const;
for (const [name, path, text] of pages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const viewport = { width: 1200, height: 760 };
    await using opened = await browser.open(`${served.address}${path}`, { colorScheme, viewport });
    await opened.page.getByText(text).first().waitFor();
    await opened.page.waitForLoadState('networkidle');
    await opened.page.screenshot({ path: join(directory, `${name}-${colorScheme}.png`) });
  }
}
const phone = { colorScheme: 'light', viewport: { width: 390, height: 760 } } as const;
await using onPhone = await browser.open(`${served.address}/campaigns/${second.id}`, phone);
await onPhone.page.getByText('libamber').first().waitFor();
await onPhone.page.screenshot({ path: join(directory, 'campaign-phone.png') });
