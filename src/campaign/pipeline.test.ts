// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPipeline } from './pipeline.ts';

interface Gate {
  readonly promise: Promise<void>;
  open(): void;
}

function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test('every item is prepared and run once, never more at once than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.scheduler(),
      async (count, workers, scheduler) => {
        const items = Array.from({ length: count }, (_, index) => index);
        let running = 0;
        let waiting = 0;
        const ran: number[] = [];
        const promise = runPipeline<number, number>({
          items,
          workers,
          lookahead: workers * 2,
          drain: new AbortController().signal,
          prepare: async (item) => {
            waiting++;
            expect(waiting).toBeLessThanOrEqual(workers * 2);
            await scheduler.schedule(Promise.resolve());
            return item;
          },
          run: async (item) => {
            waiting--;
            running++;
            expect(running).toBeLessThanOrEqual(workers);
            await scheduler.schedule(Promise.resolve());
            running--;
            ran.push(item);
          },
        });
        await scheduler.waitFor(promise);
        expect(ran.toSorted((a, b) => a - b)).toEqual(items);
      },
    ),
  );
});

test('after drain nothing is begun, and what runs is waited for', async () => {
  const drain = new AbortController();
  const first = gate();
  const begun: number[] = [];
  let isOver = false;
  const promise = runPipeline<number, number>({
    items: [0, 1, 2, 3],
    workers: 1,
    lookahead: 2,
    drain: drain.signal,
    prepare: async (item) => item,
    run: async (item) => {
      begun.push(item);
      await first.promise;
    },
  }).then(() => {
    isOver = true;
  });
  await settle();
  drain.abort();
  await settle();
  expect(isOver).toBe(false);
  first.open();
  await promise;
  expect(begun).toEqual([0]);
});

test('an error ends the pipeline after the others, and is thrown', async () => {
  const ended: number[] = [];
  const promise = runPipeline<number, number>({
    items: [0, 1, 2, 3, 4, 5],
    workers: 2,
    lookahead: 4,
    drain: new AbortController().signal,
    prepare: async (item) => {
      if (item === 1) throw new Error('broken');
      return item;
    },
    run: async (item) => {
      await settle();
      ended.push(item);
    },
  });
  await expect(promise).rejects.toThrow('broken');
  expect(ended.length).toBeLessThan(5);
});
