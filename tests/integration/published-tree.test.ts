// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CampaignRecord } from '../../src/report/campaign-record.ts';
import { publishTree } from '../../src/report/publish-tree.ts';
import { plainCampaign } from '../support/reported-campaign.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const writeLog = async (_: unknown, path: string): Promise<void> => fs.writeFile(path, 'a log\n');

/** Another campaign with the first `count` tasks of the example. */
function campaign(number: number, count: number): CampaignRecord {
  const record = plainCampaign();
  const tasks = new Map([...record.state.tasks].slice(0, count));
  const id = `2026030${number}-120000-abcd`;
  return { ...record, state: { ...record.state, id, tasks, startedAt: record.state.startedAt + number } };
}

/** Reads the tree as a mirror would, once: everything by the top, then everything of what `latest` is at that moment. */
async function readOnce(tree: string): Promise<void> {
  for (const name of ['time.list', 'ftbfs-since', 'ftbfs-joined']) await fs.readFile(join(tree, name));
  const latest = await fs.realpath(join(tree, 'latest'));
  const times = (await fs.readFile(join(latest, 'time.list'), 'utf8')).split('\n').slice(0, -1);
  const names: string[] = [];
  for (const place of ['success', 'error']) {
    for (const name of await fs.readdir(join(latest, place))) {
      names.push(name);
      expect(await fs.readFile(join(latest, place, name), 'utf8')).toBe('a log\n');
    }
  }
  expect(times.map((line) => line.split(' ')[0]).sort()).toEqual(names.sort());
}

test('a reader never sees a half state, a dangling link or another campaign’s list', async () => {
  await using directory = await makeTemporaryDirectory('tree-');
  const tree = join(directory.path, 'tree');
  await publishTree(campaign(1, 3), tree, { writeLog, keep: 2 });
  const over = new AbortController();
  let reads = 0;
  const reading = (async () => {
    while (!over.signal.aborted) {
      await readOnce(tree);
      reads++;
    }
  })();
  for (let number = 2; number <= 9; number++) {
    for (const count of [2, 4, 6]) await publishTree(campaign(number, count), tree, { writeLog, keep: 2 });
  }
  over.abort();
  await reading;
  expect(reads).toBeGreaterThan(5);
  expect((await fs.readdir(join(tree, 'campaigns'))).length).toBeLessThanOrEqual(3);
  expect((await fs.readdir(tree)).sort()).toEqual(
    ['.lock', 'campaigns', 'ftbfs-joined', 'ftbfs-since', 'latest', 'time.list'].sort(),
  );
});

test('the same campaign again changes nothing, an older one is not the latest, a foreign one is refused', async () => {
  await using directory = await makeTemporaryDirectory('tree-');
  const tree = join(directory.path, 'tree');
  const newer = await publishTree(campaign(5, 6), tree, { writeLog, keep: 9 });
  expect(newer).toMatchObject({ isLatest: true, success: 1, error: 4 });
  expect(await publishTree(campaign(5, 6), tree, { writeLog, keep: 9 })).toEqual(newer);
  const older = await publishTree(campaign(4, 2), tree, { writeLog, keep: 9 });
  expect(older).toMatchObject({ isLatest: false, success: 1, error: 1 });
  expect(await fs.realpath(join(tree, 'latest'))).toBe(await fs.realpath(newer.directory));
  const clockSetBack = { ...campaign(3, 3), isAfter: (other: string) => other === campaign(5, 6).state.id };
  const later = await publishTree(clockSetBack, tree, { writeLog, keep: 9 });
  expect(later, 'by the order of their beginnings, where it is known').toMatchObject({ isLatest: true });
  const foreign = campaign(6, 2);
  const other = { ...foreign, state: { ...foreign.state, architecture: 's390x' } };
  await expect(publishTree(other, tree, { writeLog, keep: 9 })).rejects.toMatchObject({ code: 'bad-option' });
});

test('nothing is left where a log can not be written', async () => {
  await using directory = await makeTemporaryDirectory('tree-');
  const tree = join(directory.path, 'tree');
  const failing = async (): Promise<void> => Promise.reject(new Error('no room'));
  await expect(publishTree(campaign(1, 3), tree, { writeLog: failing, keep: 2 })).rejects.toThrow('no room');
  expect(await fs.readdir(join(tree, 'campaigns'))).toEqual([]);
  expect(await fs.readdir(tree)).toEqual(['.lock', 'campaigns']);
});
