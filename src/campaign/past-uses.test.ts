// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { PastAttempt } from '../events/past-attempt.ts';
import { pastUses } from './past-uses.ts';

const attempt = (outcome: PastAttempt['outcome'], wallMs: number): PastAttempt => ({
  campaign: 'c',
  version: '1',
  outcome,
  endedAt: 0,
  wallMs,
  buildMs: 1,
  cpuMs: 2,
  peakMemoryBytes: 3,
  upperBytes: 4,
});

const wallsOf = (...attempts: readonly PastAttempt[]): number[] =>
  pastUses({ attemptsOf: () => [...attempts], allAttempts: () => new Map() }, 'amd64')
    .usesOf('x')
    .map(({ wallMs }) => wallMs);

test('what was built counts; else what ran until something went wrong', () => {
  expect(
    wallsOf(attempt('failed', 1), attempt('built', 2), attempt('cancelled', 3), attempt('built', 4)),
  ).toEqual([2, 4]);
  expect(wallsOf(attempt('host-fault', 1), attempt('out-of-memory', 2), attempt('cancelled', 3))).toEqual([
    2,
  ]);
});

test('one of each source tells of similar ones', () => {
  const all = new Map([
    ['a', [attempt('built', 7)]],
    ['b', [attempt('host-fault', 8)]],
  ]);
  const history = pastUses({ attemptsOf: () => [], allAttempts: () => all }, 'amd64');
  expect([...history.sources()].map(({ source, use }) => [source, use.wallMs])).toEqual([['a', 7]]);
});
