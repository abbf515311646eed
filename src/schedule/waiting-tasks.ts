// SPDX-License-Identifier: GPL-2.0-or-later
import type { ScheduledTask } from './scheduled-task.ts';

/** Each so many tasks, the next is the first of the short ones, although long ones wait. */
const shortEvery = 8;
/** How far it is looked for a task that fits. */
const mostLookedAt = 1000;

/**
 * Tasks that have not begun, in the order in which to begin them: level after level; in a level the long ones, longest
 * first, with every eighth turn for the first of the short ones, which keep the order in which they were added. So the task at
 * place n of the short ones has its turn after 8 n others at most. Tasks to be done alone come when their level
 * has nothing else, as a worker that waits for others to end is wasted.
 */
export class WaitingTasks {
  readonly #longMs: number;
  readonly #levels = new Map<number, Level>();
  /** Tasks of all levels that may not begin before some time. */
  readonly #later: ScheduledTask[] = [];
  #turns = 0;
  #size = 0;

  constructor(longMs: number) {
    this.#longMs = longMs;
  }

  /** All that wait, whether they may begin or not. */
  get size(): number {
    return this.#size;
  }

  add(task: ScheduledTask): void {
    this.#size++;
    if (task.notBefore > 0) this.#later.push(task);
    else this.#enqueue(task);
  }

  /** When the first of those that wait for a time may begin; undefined where there are none. */
  get earliest(): number | undefined {
    if (this.#later.length === 0) return undefined;
    return Math.min(...this.#later.map(({ notBefore }) => notBefore));
  }

  /** Lowest level with a task that waits. */
  lowestLevel(): number | undefined {
    let lowest: number | undefined;
    for (const [level, tasks] of this.#levels) {
      if (isEmpty(tasks)) this.#levels.delete(level);
      else if (lowest === undefined || level < lowest) lowest = level;
    }
    for (const { level } of this.#later) if (lowest === undefined || level < lowest) lowest = level;
    return lowest;
  }

  /** Of that level, those that may begin now beside others. */
  beside(level: number, now: number): number {
    this.release(now);
    const tasks = this.#levels.get(level);
    return tasks === undefined ? 0 : tasks.long.length + tasks.short.length;
  }

  /** Takes the next of a level that may run beside others, or the first in order that `fits`. */
  take(level: number, now: number, fits?: (task: ScheduledTask) => boolean): ScheduledTask | undefined {
    this.release(now);
    const tasks = this.#levels.get(level);
    if (tasks === undefined) return undefined;
    const isShortsTurn = (this.#turns + 1) % shortEvery === 0;
    const order = isShortsTurn ? [tasks.short, tasks.long] : [tasks.long, tasks.short];
    for (const queue of order) {
      const taken = fits === undefined ? queue.shift() : takeFirst(queue, fits);
      if (taken === undefined) continue;
      this.#turns++;
      this.#size--;
      return taken;
    }
    return undefined;
  }

  /** Takes the next of a level that is to be done alone. */
  takeAlone(level: number, now: number): ScheduledTask | undefined {
    this.release(now);
    const task = this.#levels.get(level)?.alone.shift();
    if (task !== undefined) this.#size--;
    return task;
  }

  /** What has waited long enough may begin: it is not among the {@link earliest} any more. */
  release(now: number): void {
    for (let index = 0; index < this.#later.length; ) {
      const task = this.#later[index];
      if (task === undefined || task.notBefore > now) {
        index++;
        continue;
      }
      this.#later.splice(index, 1);
      this.#enqueue(task);
    }
  }

  #enqueue(task: ScheduledTask): void {
    let tasks = this.#levels.get(task.level);
    if (tasks === undefined) {
      tasks = { long: [], short: [], alone: [] };
      this.#levels.set(task.level, tasks);
    }
    if (task.alone) tasks.alone.push(task);
    else if (task.expected.wallMs > this.#longMs) insertLongestFirst(tasks.long, task);
    else tasks.short.push(task);
  }
}

interface Level {
  readonly long: ScheduledTask[];
  readonly short: ScheduledTask[];
  readonly alone: ScheduledTask[];
}

function isEmpty({ alone, long, short }: Level): boolean {
  return alone.length + long.length + short.length === 0;
}

function takeFirst(
  queue: ScheduledTask[],
  fits: (task: ScheduledTask) => boolean,
): ScheduledTask | undefined {
  const end = Math.min(queue.length, mostLookedAt);
  for (let index = 0; index < end; index++) {
    const task = queue[index];
    if (task !== undefined && fits(task)) return queue.splice(index, 1)[0];
  }
  return undefined;
}

function insertLongestFirst(queue: ScheduledTask[], task: ScheduledTask): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other !== undefined && comesBefore(other, task)) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, task);
}

function comesBefore(one: ScheduledTask, other: ScheduledTask): boolean {
  if (one.expected.wallMs !== other.expected.wallMs) return one.expected.wallMs > other.expected.wallMs;
  return one.id < other.id;
}
