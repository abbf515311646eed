// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { listDirectory, makeDirectory, removeTree, writeTextAtomically } from '../../host/files.ts';
import type { CampaignFeed } from '../campaign-feed.ts';
import type { ReportParts } from '../server-parts.ts';
import {
  campaignDocuments,
  type Documents,
  resourceDocuments,
  taskDocuments,
  timelineDocuments,
} from './report-documents.ts';

const tasksInFile = 200;
/** Larger ones would take long to open as one file. */
const mostTasksInOneFile = 3000;

/**
 * Writes a campaign as a page that opens without a server: one file where `path` ends with .html, else a directory whose
 * data is loaded as it is looked at. The page is the dashboard's own. Throws PasekaError bad-option for a file of a campaign that is
 * too large for one, and for a directory that has something else in it than an earlier report.
 */
export async function writeHtmlReport(parts: ReportParts, campaign: string, path: string): Promise<void> {
  const feed = await parts.feeds.open(campaign);
  if (path.endsWith('.html')) await writeFile(parts, feed, path);
  else await writeDirectory(parts, feed, path);
}

async function writeFile(parts: ReportParts, feed: CampaignFeed, path: string): Promise<void> {
  const { tasks } = feed.state;
  if (tasks.size > mostTasksInOneFile) {
    throw new PasekaError(
      'bad-option',
      `${tasks.size} tasks are too many for one file`,
      'name a directory instead: --html DIR',
    );
  }
  const documents = {
    ...campaignDocuments(parts, feed),
    ...timelineDocuments(feed),
    ...resourceDocuments(feed),
    ...(await taskDocuments(parts, feed, [...tasks.values()])),
  };
  const scripts = [beginning(feed, documents, 0), textOf(parts, 'app.js')];
  const style = textOf(parts, 'app.css');
  const hashes = scripts.map((text) => `'${hashOf(text)}'`).join(' ');
  const policy = `default-src 'none'; img-src data:; script-src ${hashes}; style-src '${hashOf(style)}'`;
  const head = `<meta http-equiv="content-security-policy" content="${policy}"><style>${style}</style>`;
  const body = scripts.map((text) => `<script>${text}</script>`).join('');
  await writeTextAtomically(path, page(feed.id, head, body));
}

async function writeDirectory(parts: ReportParts, feed: CampaignFeed, path: string): Promise<void> {
  const data = join(path, 'data');
  await refuseForeign(path, data);
  await removeTree(data);
  await makeDirectory(data);
  const write = (name: string, text: string): Promise<void> => writeTextAtomically(join(path, name), text);
  await write('data/campaign.js', beginning(feed, campaignDocuments(parts, feed), tasksInFile));
  for (const name of ['app.js', 'app.css', 'licences.txt']) await write(name, textOf(parts, name));
  await write('data/timeline.js', addition(timelineDocuments(feed)));
  await write('data/resources.js', addition(resourceDocuments(feed)));
  const tasks = [...feed.state.tasks.values()].sort((a, b) => a.task - b.task);
  for (let start = 0; start < tasks.length; start += tasksInFile) {
    const documents = await taskDocuments(parts, feed, tasks.slice(start, start + tasksInFile));
    await write(`data/tasks-${start / tasksInFile}.js`, addition(documents));
  }
  const head = '<link rel="stylesheet" href="app.css">';
  const body = '<script src="data/campaign.js"></script><script src="app.js"></script>';
  await write('index.html', page(feed.id, head, body));
}

/** What is in `data` of an earlier report is replaced; it must not be the user's own. */
async function refuseForeign(path: string, data: string): Promise<void> {
  if ((await listDirectory(path)).length === 0 || (await listDirectory(data)).includes('campaign.js')) return;
  throw new PasekaError(
    'bad-option',
    `${path} is not empty, and what is in it is no report`,
    'name a new or empty directory, or one with an earlier report',
  );
}

function page(title: string, head: string, body: string): string {
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<meta name="color-scheme" content="light dark"><title>${title}</title>${head}</head>\n` +
    `<body><div id="root"></div>${body}</body></html>\n`
  );
}

/** What makes the page a report (dashboard/data/archived-client.ts). */
function beginning(feed: CampaignFeed, documents: Documents, inFile: number): string {
  return `window.pasekaReport=${json({ start: `/campaigns/${feed.id}`, tasksInFile: inFile, documents })};`;
}

function addition(documents: Documents): string {
  return `Object.assign(window.pasekaReport.documents,${json(documents)});`;
}

/** JSON that is a script too, wherever it stands: `</script>` and `<!--` would end or change that. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function textOf({ dashboard }: Pick<ReportParts, 'dashboard'>, name: string): string {
  const text = Buffer.from(dashboard.get(name)?.bytes ?? new Uint8Array()).toString('utf8');
  return name.endsWith('.js') ? text.replaceAll(/<(?=\/script|!--)/gi, '\\x3C') : text;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
