// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { plainCampaign, reportedCampaign } from '../../tests/support/reported-campaign.ts';
import { ftbfsJoined, ftbfsSince, timeList, treeEntries } from './tree-lists.ts';

test('what was tried is a success or an error, and each has its time', () => {
  const entries = treeEntries(reportedCampaign());
  expect(entries.map(({ place, name }) => `${place}/${name}`)).toEqual([
    'success/alpha-1-1',
    'error/beta-1-1',
    'error/delta-1-1',
    'error/epsilon-1-1',
    'error/gamma-1-1',
  ]);
  expect(timeList(entries)).toBe('alpha-1-1 1\nbeta-1-1 1\ndelta-1-1 1\nepsilon-1-1 1\ngamma-1-1 1\n');
});

test('failures are counted from the first in a row, also of sources that this campaign left out', () => {
  const record = plainCampaign();
  const entries = treeEntries(record);
  const ended = Math.floor((record.state.endedAt ?? 0) / 1000);
  const week = 7 * 24 * 3600;
  const started = Date.UTC(2026, 2, 1, 12) / 1000;
  expect(ftbfsSince(record, entries)).toBe(
    `beta\t${ended}\ndelta\t${ended}\nepsilon\t${ended}\ngamma\t${started - 3 * week}\nomega\t${started - week}\n`,
  );
  expect(ftbfsJoined(record, entries).split('\n').slice(3)).toEqual([
    'gamma\t1-1\t3\tBee Keeper <bee@example.org>, Wasp <w@example.org>',
    'omega\t9\t1\t',
    '',
  ]);
});

test('a campaign with a change speaks of itself alone', () => {
  const record = reportedCampaign();
  const names = ftbfsSince(record, treeEntries(record))
    .split('\n')
    .map((line) => line.split('\t')[0]);
  expect(names).toEqual(['beta', 'delta', 'epsilon', 'gamma', '']);
});
