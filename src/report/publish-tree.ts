// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOfParts } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { waitForLock } from '../host/file-lock-wait.ts';
import {
  listDirectory,
  makeDirectory,
  moveFile,
  pathExists,
  publishDirectory,
  readLink,
  readTextIfExists,
  removeTree,
  symbolicLink,
  writeText,
} from '../host/files.ts';
import { syncTree } from '../host/sync-tree.ts';
import type { CampaignRecord } from './campaign-record.ts';
import { ftbfsJoined, ftbfsSince, type TreeEntry, timeList, treeEntries } from './tree-lists.ts';

export interface TreeOptions {
  /** Writes the log of an attempt to a file. */
  readonly writeLog: (entry: TreeEntry, path: string) => Promise<void>;
  /** Campaigns that are kept below `campaigns/`, the newest ones. */
  readonly keep: number;
}

export interface PublishedTree {
  /** Absolute path of this campaign's part. */
  readonly directory: string;
  /** False where a newer campaign was published before. */
  readonly isLatest: boolean;
  readonly success: number;
  readonly error: number;
}

const lists = ['time.list', 'ftbfs-since', 'ftbfs-joined'] as const;
const descriptionName = 'campaign.json';
const unfinishedPrefix = '.new-';
const uuidEnd = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const descriptionSchema = z.object({
  id: z.string(),
  suite: z.string(),
  architecture: z.string(),
  startedAt: z.number(),
});

/**
 * Publishes a campaign in a tree as mass-rebuild services have it: `latest/{success,error}/NAME-VERSION` with the logs,
 * `time.list`, `ftbfs-since`, `ftbfs-joined`. Each campaign is a directory of its own below `campaigns/` that never changes;
 * `latest` is a link that is exchanged for another by a rename, and what stands at the top leads through it: a reader
 * sees one campaign or the next, never a part. An older campaign than the latest is published beside it. Throws PasekaError
 * bad-option for a tree of another suite or architecture, disk-full.
 */
export async function publishTree(
  record: CampaignRecord,
  tree: string,
  options: TreeOptions,
): Promise<PublishedTree> {
  await makeDirectory(join(tree, 'campaigns'), 0o755);
  await using _lock = await waitForLock(join(tree, '.lock'), 'exclusive');
  await removeUnfinished(tree);
  const before = await readLatest(tree);
  refuseForeign(record, before, tree);
  const entries = treeEntries(record);
  const texts = {
    'time.list': timeList(entries),
    'ftbfs-since': ftbfsSince(record, entries),
    'ftbfs-joined': ftbfsJoined(record, entries),
  };
  const outcomes = entries.map(({ place, name }) => `${place}/${name}`).join('\n');
  const name = `${record.state.id}-${digestOfParts({ ...texts, outcomes }).slice(0, 8)}`;
  const directory = join(tree, 'campaigns', name);
  if (!(await pathExists(directory))) await writeCampaign(record, entries, texts, directory, options);
  const isLatest =
    before === undefined || (record.isAfter(before.id) ?? before.startedAt <= record.state.startedAt);
  if (isLatest && before?.name !== name) await exchangeLink(join(tree, 'latest'), `campaigns/${name}`);
  for (const list of lists) {
    if (!(await pathExists(join(tree, list)))) await exchangeLink(join(tree, list), `latest/${list}`);
  }
  await prune(tree, [name, before?.name ?? ''], options.keep);
  const count = (place: TreeEntry['place']): number =>
    entries.filter((entry) => entry.place === place).length;
  return { directory, isLatest, success: count('success'), error: count('error') };
}

async function writeCampaign(
  { state }: CampaignRecord,
  entries: readonly TreeEntry[],
  texts: Readonly<Record<string, string>>,
  directory: string,
  options: TreeOptions,
): Promise<void> {
  const beside = join(directory, '..', `${unfinishedPrefix}${randomUUID()}`);
  try {
    for (const place of ['success', 'error']) await makeDirectory(join(beside, place), 0o755);
    for (const entry of entries) await options.writeLog(entry, join(beside, entry.place, entry.name));
    for (const [list, text] of Object.entries(texts)) await writeText(join(beside, list), text, 0o644);
    const { id, suite, architecture, startedAt } = state;
    const description = { id, suite, architecture, startedAt };
    await writeText(join(beside, descriptionName), `${JSON.stringify(description, null, 2)}\n`, 0o644);
    await syncTree(beside);
    await publishDirectory(beside, directory);
  } finally {
    await removeTree(beside);
  }
}

type Latest = z.infer<typeof descriptionSchema> & { readonly name: string };

async function readLatest(tree: string): Promise<Latest | undefined> {
  const link = join(tree, 'latest');
  if (!(await pathExists(link))) return undefined;
  const text = await readTextIfExists(join(link, descriptionName));
  const parsed = descriptionSchema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!parsed.success) throw notATree(tree, `${link} is not what this program published`);
  return { ...parsed.data, name: (await readLink(link)).replace(/^campaigns\//, '') };
}

function refuseForeign({ state }: CampaignRecord, latest: Latest | undefined, tree: string): void {
  if (latest === undefined) return;
  if (latest.suite === state.suite && latest.architecture === state.architecture) return;
  throw notATree(
    tree,
    `${tree} is the tree of ${latest.suite} (${latest.architecture}), the campaign is of ${state.suite} (${state.architecture})`,
  );
}

function notATree(tree: string, message: string): PasekaError {
  return new PasekaError(
    'bad-option',
    message,
    `give each suite and architecture a tree of its own beside ${tree}`,
  );
}

async function exchangeLink(path: string, target: string): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  await symbolicLink(target, beside);
  await moveFile(beside, path);
}

/** Removes what a killed process left: nobody else works in the tree. */
async function removeUnfinished(tree: string): Promise<void> {
  const links = (await listDirectory(tree)).filter((name) =>
    ['latest', ...lists].some((link) => name.startsWith(`${link}.`) && uuidEnd.test(name)),
  );
  const campaigns = (await listDirectory(join(tree, 'campaigns')))
    .filter((name) => name.startsWith(unfinishedPrefix))
    .map((name) => join('campaigns', name));
  for (const path of [...links, ...campaigns]) await removeTree(join(tree, path));
}

/** Removes all but the newest campaigns; `used` are those that a reader may be in just now. */
async function prune(tree: string, used: readonly string[], keep: number): Promise<void> {
  const directory = join(tree, 'campaigns');
  const names = (await listDirectory(directory)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep))) {
    if (!used.includes(name)) await removeTree(join(directory, name));
  }
}
