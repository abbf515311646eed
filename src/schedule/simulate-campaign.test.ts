// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longFrom } from './long-from.ts';
import { publishedWallMs, valueAt } from './published-figures.ts';
import type { Capacity } from './scheduled-task.ts';
import { type SimulatedTask, simulateCampaign } from './simulate-campaign.ts';
import { randomNumbers, skewedTasks } from './skewed-tasks.ts';

const gibibyte = 1024 ** 3;

function capacityFor(tasks: readonly SimulatedTask[], workers: number, memoryBytes: number): Capacity {
  return {
    workers,
    cores: workers,
    memoryBytes,
    upper: { place: 'auto', largestTmpfsBytes: memoryBytes / workers },
    longMs: longFrom(
      tasks.map(({ expected }) => expected.wallMs),
      workers,
    ),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** No schedule can be shorter. */
function lowerBound(tasks: readonly SimulatedTask[], workers: number): number {
  const walls = tasks.map(({ wallMs }) => wallMs);
  return Math.max(sum(walls) / workers, ...walls);
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

test('times are as skewed as published: 1 % of the tasks take 39 % of the time, 10 % take 70 %', () => {
  const random = randomNumbers(1);
  const walls = Array.from({ length: 100_000 }, () => valueAt(publishedWallMs, random())).sort(
    (a, b) => b - a,
  );
  expect(sum(walls.slice(0, 1_000)) / sum(walls)).toBeCloseTo(0.39, 1);
  expect(sum(walls.slice(0, 10_000)) / sum(walls)).toBeCloseTo(0.7, 1);
});

test('1,000 tasks take at most 1.1 times the least possible', () => {
  fc.assert(
    // on 32 workers the longest task decides, on few ones the work does
    fc.property(seeds, fc.constantFrom(32, 16, 8, 4), (seed, workers) => {
      const tasks = skewedTasks({ count: 1000, seed });
      const run = simulateCampaign(tasks, capacityFor(tasks, workers, 512 * gibibyte));
      expect(run.makespanMs).toBeLessThanOrEqual(1.1 * lowerBound(tasks, workers));
      expect(run.peakWorkers).toBe(workers);
    }),
    { numRuns: 20 },
  );
});

test('with predictions wrong by up to a factor of three, at most 1.3 times', () => {
  fc.assert(
    fc.property(seeds, fc.constantFrom(32, 8), (seed, workers) => {
      const tasks = skewedTasks({ count: 1000, seed, wrongBy: 3 });
      const run = simulateCampaign(tasks, capacityFor(tasks, workers, 512 * gibibyte));
      expect(run.makespanMs).toBeLessThanOrEqual(1.3 * lowerBound(tasks, workers));
    }),
    { numRuns: 20 },
  );
});

test('where memory is the scarcest, at most 1.3 times what it allows', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const tasks = skewedTasks({ count: 1000, seed });
      const memoryBytes = 64 * gibibyte;
      const run = simulateCampaign(tasks, capacityFor(tasks, 32, memoryBytes));
      const byMemory =
        sum(tasks.map((task) => task.wallMs * Math.min(memoryBytes, task.memoryBytes))) / memoryBytes;
      expect(run.makespanMs).toBeLessThanOrEqual(1.3 * Math.max(byMemory, lowerBound(tasks, 32)));
    }),
    { numRuns: 6 },
  );
});

test('never over the budget, whatever it is, unless one task alone needs more', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 16 }),
      (seed, size, workers) => {
        const tasks = skewedTasks({ count: 200, seed });
        const memoryBytes = size * gibibyte;
        const run = simulateCampaign(tasks, capacityFor(tasks, workers, memoryBytes));
        const largest = Math.max(...tasks.map((task) => task.memoryBytes));
        expect(run.peakMemoryBytes).toBeLessThanOrEqual(Math.max(memoryBytes, largest));
        expect(run.peakWorkers).toBeLessThanOrEqual(workers);
        for (const { alone, at, task } of run.begun) {
          if ((tasks[task]?.memoryBytes ?? 0) > memoryBytes)
            expect({ alone, at }).toEqual({ alone: true, at });
        }
        expect(new Set(run.begun.map(({ task }) => task)).size).toBe(200);
      },
    ),
  );
});

test('nobody starves: a short one has its turn after eight others for each that is before it', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const tasks = skewedTasks({ count: 400, seed });
      const capacity = capacityFor(tasks, 8, 512 * gibibyte);
      const { begun } = simulateCampaign(tasks, capacity);
      const short = tasks.flatMap((task, id) => (task.expected.wallMs > capacity.longMs ? [] : [id]));
      const turns = new Map(begun.map(({ task }, turn) => [Number(task), turn]));
      for (const [place, id] of short.entries()) expect(turns.get(id)).toBeLessThan(8 * (place + 1));
    }),
    { numRuns: 20 },
  );
});

test('nobody starves: one that does not fit is overtaken by 32 others for each worker at most', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 2, max: 32 }), (seed, size) => {
      const workers = 8;
      const tasks = skewedTasks({ count: 200, seed });
      const { begun, prepared } = simulateCampaign(tasks, capacityFor(tasks, workers, size * gibibyte));
      const order = new Map(prepared.map((task, place) => [task, place]));
      for (const [turn, { task }] of begun.entries()) {
        const place = order.get(task) ?? 0;
        const overtook = begun.slice(0, turn).filter((other) => (order.get(other.task) ?? 0) > place);
        expect(overtook.length).toBeLessThanOrEqual(32 * workers);
      }
    }),
    { numRuns: 20 },
  );
});

test('a level begins when those before it are over, and what is to be done alone is', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const tasks = skewedTasks({ count: 100, seed, levels: 4 }).map((task, id) => ({
        ...task,
        alone: id % 9 === 0,
      }));
      const { begun } = simulateCampaign(tasks, capacityFor(tasks, 4, 64 * gibibyte));
      const spans = begun.map(({ alone, at, task }) => {
        const { level = 0, wallMs = 0 } = tasks[task] ?? {};
        return { task, alone, level, from: at, to: at + wallMs };
      });
      expect(spans).toHaveLength(tasks.length);
      for (const one of spans) {
        for (const other of spans) {
          if (one.level < other.level) expect(one.to).toBeLessThanOrEqual(other.from);
          if (one.alone && one !== other) expect(one.to <= other.from || other.to <= one.from).toBe(true);
        }
      }
    }),
    { numRuns: 12 },
  );
});

test('the same tasks give the same run', () => {
  const run = (): unknown => {
    const tasks = skewedTasks({ count: 500, seed: 7, wrongBy: 2 });
    return simulateCampaign(tasks, capacityFor(tasks, 8, 8 * gibibyte));
  };
  expect(run()).toEqual(run());
});
