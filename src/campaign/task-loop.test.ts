// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskId } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import type { Admission, Capacity, ScheduledTask } from '../schedule/scheduled-task.ts';
import { Scheduler } from '../schedule/scheduler.ts';
import { TaskLoop } from './task-loop.ts';

const mebibyte = 1024 ** 2;
const built: Outcome = { kind: 'built' };
const failed: Outcome = { kind: 'failed', stage: 'build', reason: 'x' };
const fault: Outcome = { kind: 'host-fault', code: 'mirror-unreachable', message: 'x' };

/** Builds that wait for orders, on a clock that waits for them too. */
class Yard {
  now = 0;
  readonly running = new Map<number, { readonly admission: Admission; finish(outcome: Outcome): void }>();
  readonly preparing = new Map<number, (end: Outcome | undefined) => void>();
  readonly ended = new Map<number, Outcome>();
  readonly log: string[] = [];
  readonly outcomes = new Map<number, Outcome[]>();
  readonly drain = new AbortController();
  readonly scheduler: Scheduler;
  readonly loop: TaskLoop<number>;
  over: 'done' | 'gave-up' | undefined;
  /** Whether what is prepared is so at once. */
  isPreparedAtOnce = true;
  readonly #alarms: { readonly at: number; ring(): void }[] = [];

  constructor(tasks: readonly ScheduledTask[], capacity: Partial<Capacity> = {}, retries = 0) {
    this.scheduler = new Scheduler({
      workers: 2,
      cores: 2,
      memoryBytes: 1000 * mebibyte,
      upper: { place: 'disk', largestTmpfsBytes: 0 },
      longMs: 0,
      ...capacity,
    });
    this.loop = new TaskLoop<number>({
      scheduler: this.scheduler,
      batches: (async function* () {
        for (const task of tasks) yield [task];
      })(),
      actions: {
        prepare: (task) => this.#prepare(task),
        run: (id, admission) => this.#run(id, admission),
        end: (task, outcome) => void this.ended.set(task, outcome),
        outcomesOf: (task) => this.outcomes.get(task) ?? [],
        again: (task, { alone, notBefore }) => ({ ...task, alone, notBefore }),
      },
      retries: { retries, hostFaultRetries: 3, backoffMs: 1000 },
      drain: this.drain.signal,
      now: () => this.now,
      wait: (ms) => new Promise((ring) => this.#alarms.push({ at: this.now + ms, ring })),
    });
  }

  async start(): Promise<void> {
    void this.loop.run().then((end) => {
      this.over = end;
    });
    await settle();
  }

  async finish(id: number, outcome: Outcome = built): Promise<void> {
    const running = this.running.get(id);
    expect(running, `task ${id} runs`).toBeDefined();
    running?.finish(outcome);
    await settle();
  }

  async advanceTo(now: number): Promise<void> {
    this.now = now;
    for (const alarm of this.#alarms.splice(0)) {
      if (alarm.at <= now) alarm.ring();
      else this.#alarms.push(alarm);
    }
    await settle();
  }

  get runningIds(): number[] {
    return [...this.running.keys()];
  }

  async #prepare(
    task: ScheduledTask,
  ): Promise<{ kind: 'prepared'; prepared: number } | { kind: 'ended'; outcome: Outcome }> {
    this.log.push(`prepare ${task.id}`);
    const end = this.isPreparedAtOnce
      ? undefined
      : await new Promise<Outcome | undefined>((resolve) => this.preparing.set(task.id, resolve));
    this.preparing.delete(task.id);
    if (end === undefined) return { kind: 'prepared', prepared: task.id };
    this.#keep(task.id, end);
    return { kind: 'ended', outcome: end };
  }

  async #run(id: number, admission: Admission): Promise<Outcome> {
    this.log.push(`run ${id}${admission.alone ? ' alone' : ''}`);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.running.set(id, { admission, finish: resolve });
    const outcome = await promise;
    this.running.delete(id);
    this.#keep(id, outcome);
    return outcome;
  }

  #keep(id: number, outcome: Outcome): void {
    this.outcomes.set(id, [...(this.outcomes.get(id) ?? []), outcome]);
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

function tasksOf(count: number, memory = 100): ScheduledTask[] {
  return Array.from({ length: count }, (_, id) => ({
    id: id as TaskId,
    expected: {
      memoryBytes: memory * mebibyte,
      upperBytes: 0,
      cpuMs: 0,
      wallMs: 1000 - id,
      basis: 'history' as const,
    },
    level: 0,
    alone: false,
    notBefore: 0,
  }));
}

test('each task runs once, never more at once than workers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(1000),
      async (count, workers, seed) => {
        const yard = new Yard(tasksOf(count), { workers });
        await yard.start();
        for (let turn = seed; yard.running.size > 0; turn++) {
          expect(yard.running.size).toBeLessThanOrEqual(workers);
          await yard.finish(yard.runningIds[turn % yard.running.size] ?? 0);
        }
        expect(yard.over).toBe('done');
        expect([...yard.ended.keys()].sort((a, b) => a - b)).toEqual(tasksOf(count).map(({ id }) => id));
      },
    ),
  );
});

test('after drain nothing begins, and what runs is waited for', async () => {
  const yard = new Yard(tasksOf(4), { workers: 1 });
  await yard.start();
  yard.drain.abort();
  await settle();
  expect(yard.over).toBeUndefined();
  await yard.finish(0);
  expect(yard.over).toBe('done');
  expect(yard.runningIds).toEqual([]);
  expect([...yard.ended]).toEqual([[0, built]]);
});

test('a failure is tried again when nothing else is left, with nothing beside it', async () => {
  const yard = new Yard(tasksOf(4), {}, 1);
  await yard.start();
  await yard.finish(0, failed);
  await yard.finish(1, failed);
  await yard.finish(2);
  expect(yard.runningIds).toEqual([3]);
  await yard.finish(3);
  expect(yard.runningIds).toEqual([0]);
  await yard.finish(0);
  await yard.finish(1, failed);
  expect(yard.over).toBe('done');
  expect(yard.log.slice(-4)).toEqual(['prepare 0', 'run 0 alone', 'prepare 1', 'run 1 alone']);
  expect(yard.ended.get(0)).toEqual(built);
  expect(yard.ended.get(1)).toEqual(failed);
});

test('a fault of the host is tried again after a while, others going on, whatever was said of failures', async () => {
  const yard = new Yard(tasksOf(3));
  await yard.start();
  await yard.finish(0, fault);
  await yard.finish(1);
  await yard.finish(2);
  expect(yard.over).toBeUndefined();
  await yard.advanceTo(999);
  expect(yard.runningIds).toEqual([]);
  await yard.advanceTo(1000);
  await yard.finish(0, fault);
  await yard.advanceTo(6000);
  await yard.finish(0);
  expect(yard.over).toBe('done');
  expect(yard.ended.get(0)).toEqual(built);
});

test('after too many faults of the host in a row nothing more begins', async () => {
  const countsTo = (yard: Yard, count: number): boolean =>
    count < 100 && yard.over === undefined && yard.running.size > 0;
  const yard = new Yard(tasksOf(60), { workers: 1 });
  await yard.start();
  let count = 0;
  for (; countsTo(yard, count); count++) await yard.finish(count, fault);
  expect(yard.over).toBe('gave-up');
  expect(count, 'each second began after the fault that was counted before it').toBe(16);
  expect(yard.ended.size).toBe(0);
  const other = new Yard(tasksOf(60), { workers: 1 });
  await other.start();
  for (let done = 0; done < count - 1; done++) await other.finish(done, fault);
  await other.finish(count - 1, failed);
  expect(other.over, 'one that the host could do').toBeUndefined();
});

test('one short fault that many attempts meet at once is one', async () => {
  const yard = new Yard(tasksOf(16), { workers: 16 });
  yard.isPreparedAtOnce = false;
  await yard.start();
  await settle();
  expect(yard.preparing.size).toBe(16);
  for (const end of [...yard.preparing.values()]) end(fault);
  await settle();
  expect(yard.over).toBeUndefined();
  await yard.advanceTo(1000);
  expect(yard.preparing.size).toBeGreaterThan(0);
});

test('faults that say nothing of others do not end a campaign', async () => {
  for (const code of ['memory-short', 'file-not-on-mirror', 'disk-full'] as const) {
    const yard = new Yard(tasksOf(60), { workers: 1 });
    await yard.start();
    for (let id = 0; id < 50; id++) await yard.finish(id, { kind: 'host-fault', code, message: 'x' });
    expect(yard.over, code).toBeUndefined();
  }
});

test('after drain a failure that was to be tried again is left open', async () => {
  const yard = new Yard(tasksOf(1), {}, 1);
  await yard.start();
  yard.drain.abort();
  await yard.finish(0, failed);
  expect(yard.over).toBe('done');
  expect(yard.ended.size).toBe(0);
});

test('what waits for its time while another runs alone does not wake the loop for nothing', async () => {
  const yard = new Yard(tasksOf(2), {}, 1);
  await yard.start();
  await yard.finish(1, fault);
  await yard.finish(0, failed);
  expect(yard.scheduler.earliest).toBe(1000);
  expect(yard.runningIds).toEqual([0]);
  await yard.advanceTo(1000);
  expect(yard.scheduler.earliest).toBeUndefined();
  expect(yard.runningIds).toEqual([0]);
  await yard.finish(0);
  await yard.finish(1);
  expect(yard.over).toBe('done');
});

test('while held nothing begins, even where nothing runs, and it is not over', async () => {
  const yard = new Yard(tasksOf(3), { workers: 1 });
  await yard.start();
  yard.scheduler.isHeld = true;
  await yard.finish(0);
  expect(yard.runningIds).toEqual([]);
  expect(yard.over).toBeUndefined();
  yard.scheduler.isHeld = false;
  yard.loop.changed();
  await settle();
  await yard.finish(1);
  await yard.finish(2);
  expect(yard.over).toBe('done');
});

test('what looks at the host can end it with an error', async () => {
  const yard = new Yard(tasksOf(2), { workers: 1 });
  const ended = yard.loop.run().catch((error: unknown) => String(error));
  await settle();
  yard.loop.fail(new Error('broken'));
  await yard.finish(0);
  expect(await ended).toContain('broken');
});

test('what is stopped for want of memory is done again, alone, and is no failure', async () => {
  const yard = new Yard(tasksOf(2, 300));
  await yard.start();
  for (const id of yard.runningIds) {
    yard.scheduler.observe(id as TaskId, { memoryBytes: 600 * mebibyte, upperBytes: 0 });
  }
  expect(yard.scheduler.chooseToStop(false)).toBe(1);
  await yard.finish(1, { kind: 'host-fault', code: 'memory-short', message: 'x' });
  expect(yard.runningIds).toEqual([0]);
  await yard.finish(0);
  await yard.finish(1);
  expect(yard.log.at(-1)).toBe('run 1 alone');
  expect(yard.ended.get(1)).toEqual(built);
});

test('tasks wait for memory, and begin when another has ended', async () => {
  const yard = new Yard(tasksOf(3, 600));
  await yard.start();
  expect(yard.runningIds).toEqual([0]);
  await yard.finish(0);
  expect(yard.runningIds).toEqual([1]);
});

test('an attempt that ends in its preparation is judged as any other', async () => {
  const yard = new Yard(tasksOf(2), {}, 1);
  yard.isPreparedAtOnce = false;
  await yard.start();
  yard.preparing.get(0)?.(failed);
  yard.preparing.get(1)?.({ kind: 'dependencies-unsatisfiable', explanation: 'x' });
  await settle();
  yard.preparing.get(0)?.(undefined);
  await settle();
  await yard.finish(0);
  expect(yard.over).toBe('done');
  expect(yard.log).toEqual(['prepare 0', 'prepare 1', 'prepare 0', 'run 0 alone']);
  expect(yard.ended.get(1)).toMatchObject({ kind: 'dependencies-unsatisfiable' });
});

test('a bug ends it after the others, and is thrown', async () => {
  const yard = new Yard(tasksOf(4));
  const promise = yard.loop.run();
  await settle();
  const ended = promise.catch((error: unknown) => String(error));
  yard.running.get(0)?.finish(Promise.reject(new Error('broken')) as unknown as Outcome);
  await settle();
  expect(yard.runningIds).toContain(1);
  await yard.finish(1);
  expect(await ended).toContain('broken');
  expect(yard.log.filter((line) => line.startsWith('run'))).toEqual(['run 0', 'run 1']);
});
