// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { browserPath } from './browser-path.ts';

/** Without its own sandbox, for we may be root, and without looking for hosts of its maker. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface TestBrowser extends AsyncDisposable {
  /** Opens a page; what it does wrong is collected. */
  open(address: string, options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** A page, and what a person would not see: errors it told the console, and requests to other hosts. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  readonly faults: readonly string[];
  /** Serious and critical findings of axe-core, a line each. */
  findings(): Promise<string[]>;
}

/** Starts a browser with a profile of its own. */
export async function startBrowser(): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'browser-'));
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: flags,
    env: { ...definedEnvironment(), HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  return {
    open: (address, options) => openPage(browser, address, options),
    async [Symbol.asyncDispose]() {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin, protocol } = new URL(address);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    const isOwn = protocol === 'file:' ? asked.protocol === 'file:' : asked.origin === origin;
    if (!isOwn && asked.protocol !== 'data:') faults.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  return {
    page,
    faults,
    findings: () => axeFindings(page),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** axe-core comes in through the debugging protocol: the page's content policy would refuse a script tag. */
async function axeFindings(page: Page): Promise<string[]> {
  const isThere = await page.evaluate<boolean>('"axe" in window');
  if (!isThere) {
    await page.evaluate(axe.source);
  }
  const { violations } = (await page.evaluate('axe.run({ preload: false })')) as AxeResult;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html ?? ''}`);
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
