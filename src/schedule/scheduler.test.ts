// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { TaskId } from '../events/events.ts';
import type { Capacity, ScheduledTask } from './scheduled-task.ts';
import { Scheduler } from './scheduler.ts';

const mebibyte = 1024 ** 2;
const capacity: Capacity = {
  workers: 2,
  cores: 4,
  memoryBytes: 1000 * mebibyte,
  upper: { place: 'auto', largestTmpfsBytes: 100 * mebibyte },
  longMs: 0,
};

function task(id: number, expected: { wall?: number; memory?: number; upper?: number } = {}): ScheduledTask {
  return {
    id: id as TaskId,
    expected: {
      memoryBytes: (expected.memory ?? 100) * mebibyte,
      upperBytes: (expected.upper ?? 0) * mebibyte,
      cpuMs: 0,
      wallMs: expected.wall ?? 1000,
      basis: 'history',
    },
    level: 0,
    alone: false,
    notBefore: 0,
  };
}

function schedulerOf(tasks: readonly ScheduledTask[], given: Partial<Capacity> = {}): Scheduler {
  const scheduler = new Scheduler({ ...capacity, ...given });
  for (const one of tasks) scheduler.add(one);
  scheduler.complete();
  return scheduler;
}

/** Makes ready what may be made ready; the numbers of the tasks. */
function prepareAll(scheduler: Scheduler, now = 0): number[] {
  const ids: number[] = [];
  for (let next = scheduler.nextToPrepare(now); next !== undefined; next = scheduler.nextToPrepare(now)) {
    ids.push(next.id);
    scheduler.prepared(next.id);
  }
  return ids;
}

test('makes ready ahead, longest first, and no more than twice as many as workers', () => {
  const tasks = [10, 30, 20, 50, 40].map((wall, id) => task(id, { wall }));
  expect(prepareAll(schedulerOf(tasks))).toEqual([3, 4, 1, 2]);
});

test('of what is being prepared, so much is waited for as workers have nothing else to begin', () => {
  const scheduler = schedulerOf([0, 1, 2, 3, 4].map((id) => task(id, { wall: 100 - id })));
  const begin = (): TaskId | undefined => scheduler.nextToPrepare(0)?.id;
  const [first, second] = [begin(), begin()];
  if (first === undefined || second === undefined) throw new Error('nothing to prepare');
  const waitedFor = (): boolean[] => [first, second].map((id) => scheduler.isWaitedFor(id));
  expect(waitedFor()).toEqual([true, true]);
  scheduler.prepared(first);
  expect(waitedFor()).toEqual([false, true]);
  const third = begin();
  expect(third === undefined ? undefined : scheduler.isWaitedFor(third)).toBe(false);
  expect(scheduler.admit(0)?.task).toBe(first);
  expect(waitedFor()).toEqual([false, true]);
  scheduler.prepared(second);
  expect(scheduler.admit(0)?.task).toBe(second);
  expect(third === undefined ? undefined : scheduler.isWaitedFor(third), 'all workers have a task').toBe(
    false,
  );
  scheduler.ended(first);
  expect(third === undefined ? undefined : scheduler.isWaitedFor(third)).toBe(true);
});

test('the cores that nobody was given are divided among those that could begin', () => {
  const scheduler = schedulerOf([task(0), task(1), task(2)]);
  prepareAll(scheduler);
  expect(scheduler.admit(0)).toMatchObject({ task: 0, worker: 0, parallel: 2 });
  expect(scheduler.admit(0)).toMatchObject({ task: 1, worker: 1, parallel: 2 });
  expect(scheduler.admit(0)).toBeUndefined();
  scheduler.ended(0 as TaskId);
  expect(scheduler.admit(0)).toMatchObject({ task: 2, worker: 0, parallel: 2 });
  const last = schedulerOf([task(0)]);
  prepareAll(last);
  expect(last.admit(0)).toMatchObject({ parallel: 4 });
});

test('one that does not fit is overtaken by what does not make it wait longer, and only so often', () => {
  const large = task(1, { wall: 590, memory: 900 });
  const tooLong = task(2, { wall: 580, memory: 150 });
  const small = Array.from({ length: 80 }, (_, index) => task(index + 3, { wall: 10, memory: 50 }));
  const scheduler = schedulerOf([task(0, { wall: 600, memory: 600 }), large, tooLong, ...small]);
  prepareAll(scheduler);
  scheduler.admit(100);
  const overtook: number[] = [];
  for (;;) {
    prepareAll(scheduler, 200);
    const admitted = scheduler.admit(200);
    if (admitted === undefined) break;
    overtook.push(admitted.task);
    scheduler.ended(admitted.task);
  }
  expect(overtook).toEqual(Array.from({ length: 64 }, (_, index) => index + 3));
  scheduler.ended(0 as TaskId);
  expect(scheduler.admit(200)).toMatchObject({ task: 1 });
});

test('where nothing ready fits, another that does is made ready', () => {
  const large = [1, 2, 3, 4, 5, 6].map((id) => task(id, { wall: 500, memory: 900 }));
  const scheduler = schedulerOf([task(0, { wall: 900, memory: 600 }), ...large, task(7, { wall: 1 })]);
  prepareAll(scheduler);
  scheduler.admit(0);
  expect(prepareAll(scheduler)).toEqual([4, 7]);
  expect(scheduler.admit(0)).toMatchObject({ task: 7 });
});

test('what is expected to write much goes to disk, and so does what would not fit otherwise', () => {
  const scheduler = schedulerOf([task(0, { wall: 3, upper: 99 }), task(1, { upper: 101 })]);
  prepareAll(scheduler);
  expect(scheduler.admit(0)).toMatchObject({ task: 1, upper: 'disk' });
  expect(scheduler.admit(0)).toMatchObject({ task: 0, upper: 'tmpfs' });
  const tight = schedulerOf([task(0, { memory: 50, upper: 90 })], { memoryBytes: 95 * mebibyte });
  prepareAll(tight);
  expect(tight.admit(0)).toMatchObject({ upper: 'disk', alone: false });
});

test('what is seen to be used counts, where it is more than was expected', () => {
  const scheduler = schedulerOf([task(0, { wall: 2000, memory: 100 }), task(1, { memory: 500 })]);
  prepareAll(scheduler);
  scheduler.admit(0);
  scheduler.observe(0 as TaskId, { memoryBytes: 600 * mebibyte, upperBytes: 0 });
  expect(scheduler.admit(0)).toBeUndefined();
  scheduler.observe(0 as TaskId, { memoryBytes: 400 * mebibyte, upperBytes: 0 });
  expect(scheduler.admit(0)).toMatchObject({ task: 1 });
});

test('when memory runs short the youngest large one is stopped, one at a time, and never the only one', () => {
  const scheduler = schedulerOf([task(0), task(1), task(2)], { workers: 3 });
  prepareAll(scheduler);
  for (const now of [0, 1, 2]) scheduler.admit(now);
  const use = (id: number, memory: number): void =>
    scheduler.observe(id as TaskId, { memoryBytes: memory * mebibyte, upperBytes: 0 });
  use(0, 500);
  use(1, 400);
  use(2, 50);
  expect(scheduler.chooseToStop(false)).toBeUndefined();
  use(0, 700);
  expect(scheduler.chooseToStop(false)).toBe(1);
  expect(scheduler.chooseToStop(true), 'what is to be stopped has not ended yet').toBeUndefined();
  scheduler.ended(1 as TaskId);
  expect(scheduler.chooseToStop(true)).toBe(0);
  scheduler.ended(0 as TaskId);
  expect(scheduler.chooseToStop(true)).toBeUndefined();
});

test('while paused nothing begins, unless nothing runs at all', () => {
  const scheduler = schedulerOf([task(0), task(1)]);
  prepareAll(scheduler);
  scheduler.isPaused = true;
  expect(scheduler.admit(0)).toMatchObject({ task: 0 });
  expect(scheduler.admit(0)).toBeUndefined();
  scheduler.isPaused = false;
  expect(scheduler.admit(0)).toMatchObject({ task: 1 });
});

test('what has to wait for its time is not given out before, and the rest goes on', () => {
  const scheduler = schedulerOf([{ ...task(0), notBefore: 1000 }, task(1)]);
  expect(prepareAll(scheduler, 0)).toEqual([1]);
  expect(scheduler.earliest).toBe(1000);
  expect(prepareAll(scheduler, 1000)).toEqual([0]);
  expect(scheduler.earliest).toBeUndefined();
});

test('what is to be done alone waits until no more is to come', () => {
  const scheduler = new Scheduler(capacity);
  scheduler.add({ ...task(0), alone: true });
  expect(prepareAll(scheduler)).toEqual([]);
  expect(scheduler.isHungry(0)).toBe(true);
  scheduler.add(task(1));
  scheduler.complete();
  expect(prepareAll(scheduler)).toEqual([1]);
  expect(scheduler.admit(0)).toMatchObject({ alone: false });
  expect(prepareAll(scheduler)).toEqual([]);
  scheduler.ended(1 as TaskId);
  expect(prepareAll(scheduler)).toEqual([0]);
  expect(scheduler.admit(0)).toMatchObject({ alone: true, parallel: 4 });
});
