// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { PredictedUse } from '../events/events.ts';
import { expectCampaign } from './expect-campaign.ts';

const mebibyte = 1024 ** 2;
const capacity = {
  workers: 2,
  cores: 2,
  memoryBytes: 1024 * mebibyte,
  upper: { place: 'disk', largestTmpfsBytes: 0 },
} as const;

function use(wallMs: number, memoryBytes: number, basis: PredictedUse['basis'] = 'default'): PredictedUse {
  return { wallMs, memoryBytes, upperBytes: 0, cpuMs: wallMs, basis };
}

test('builds beside each other take the time of the longer way and the memory of both', () => {
  const tasks = [use(6000, 100 * mebibyte), use(3000, 200 * mebibyte, 'history'), use(2000, 50 * mebibyte)];
  expect(
    expectCampaign(
      tasks.map((expected) => ({ expected, level: 0 })),
      capacity,
    ),
  ).toEqual({ wallMs: 6000, cpuMs: 11_000, memoryBytes: 300 * mebibyte, workers: 2, known: 1 });
});

test('a level waits for the one before it, and what does not fit beside another comes after it', () => {
  const staged = [0, 1].map((level) => ({ expected: use(1000, mebibyte), level }));
  expect(expectCampaign(staged, capacity)).toMatchObject({ wallMs: 2000, workers: 1 });
  const large = [1, 2].map(() => ({ expected: use(1000, 800 * mebibyte), level: 0 }));
  expect(expectCampaign(large, capacity)).toMatchObject({ wallMs: 2000, memoryBytes: 800 * mebibyte });
});

test('nothing to build takes nothing', () => {
  expect(expectCampaign([], capacity)).toEqual({ wallMs: 0, cpuMs: 0, memoryBytes: 0, workers: 0, known: 0 });
});
