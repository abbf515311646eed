// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../base/invariant.ts';
import type { TaskId } from '../events/events.ts';
import { chooseAdmission } from './choose-admission.ts';
import { chooseParallel } from './choose-parallel.ts';
import { chooseToStop } from './choose-to-stop.ts';
import { choosePlace, memoryNeed } from './memory-need.ts';
import type { Admission, Capacity, ObservedUse, ScheduledTask } from './scheduled-task.ts';
import { WaitingTasks } from './waiting-tasks.ts';

/** A task that was given out to be prepared. */
interface Ready {
  readonly task: ScheduledTask;
  /** Its place among all that were given out. */
  readonly order: number;
  /** How many that were given out after it have begun. */
  overtaken: number;
}

interface Running {
  readonly task: ScheduledTask;
  readonly admission: Admission;
  readonly startedAt: number;
  readonly needBytes: number;
  observed: ObservedUse;
  isStopping: boolean;
}

/** How many others may overtake a task that does not fit, for each worker. */
const overtakenPerWorker = 32;

/**
 * Decides which task is made ready and which begins, when and on what terms. A task is `waiting` until
 * {@link nextToPrepare} gives it out, then it is being prepared, `ready` when {@link prepared} was called, `running`
 * when {@link admit} has given it a worker, and gone when {@link ended} was called, which may be at any time.
 *
 * Begun are the long ones first (waiting-tasks.ts), as far as they fit into the budget of memory: what is set aside for
 * a running task is what it was expected to need or what it was seen to use, if that is more. A task that needs more
 * than the whole budget runs by itself. One that does not fit is overtaken by a limited number of others only
 * (choose-admission.ts), so that each has its turn.
 *
 * It has no clock: `now` is the caller's, in milliseconds, and decides nothing but who overtakes whom and who has waited
 * long enough after a host's fault. The same calls give the same answers.
 */
export class Scheduler {
  readonly #capacity: Capacity;
  readonly #waiting: WaitingTasks;
  readonly #preparing = new Map<TaskId, Ready>();
  /** In the order in which they were given out. */
  readonly #ready: Ready[] = [];
  #givenOut = 0;
  readonly #running = new Map<TaskId, Running>();
  #given = 0;
  #isPaused = false;
  #isHeld = false;
  #isComplete = false;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
    this.#waiting = new WaitingTasks(capacity.longMs);
  }

  add(task: ScheduledTask): void {
    this.#waiting.add(task);
  }

  /** No further task comes but such as are to be done again: what is to be done alone can be begun when nothing else waits. */
  complete(): void {
    this.#isComplete = true;
  }

  /** All that wait, those included that may not begin yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether more tasks should be added, lest workers have nothing to do. */
  isHungry(now: number): boolean {
    if (this.#isComplete) return false;
    const level = this.#waiting.lowestLevel();
    return level === undefined || this.#waiting.beside(level, now) < 4 * this.#capacity.workers;
  }

  /** Being prepared, ready or running. */
  get underWay(): number {
    return this.#preparing.size + this.#ready.length + this.#running.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** When a task that has to wait for a time may begin. */
  get earliest(): number | undefined {
    return this.#waiting.earliest;
  }

  /** While paused, nothing begins but where nothing runs at all: else it might stay so for ever. */
  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
  }

  /** While held, nothing is prepared and nothing begins, even where nothing runs: whoever holds it looks for when that is over. */
  set isHeld(isHeld: boolean) {
    this.#isHeld = isHeld;
  }

  /**
   * The task to make ready next: as many at once as there are workers, and twice as many in all as wait ready; more only
   * where none of those that are ready fits beside what runs and another would.
   */
  nextToPrepare(now: number): ScheduledTask | undefined {
    // Whatever keeps it from being given out: who waits for `earliest` must not be woken by it again.
    this.#waiting.release(now);
    if (this.#isHeld) return undefined;
    const level = this.#levelToBegin();
    if (level === undefined) return undefined;
    const { workers } = this.#capacity;
    const prepared = this.#preparing.size + this.#ready.length;
    if (this.#isAloneUnderWay() || this.#preparing.size >= workers) return undefined;
    if (this.#waiting.beside(level, now) === 0) {
      return this.#isComplete && this.underWay === 0
        ? this.#giveOut(this.#waiting.takeAlone(level, now))
        : undefined;
    }
    if (prepared < 2 * workers) return this.#giveOut(this.#waiting.take(level, now));
    if (this.#preparing.size > 0 || this.#running.size >= workers || prepared >= 4 * workers)
      return undefined;
    const free = this.#freeBytes();
    if (this.#ready.some(({ task }) => this.#termsOf(task).needBytes <= free)) return undefined;
    return this.#giveOut(this.#waiting.take(level, now, (task) => this.#termsOf(task).needBytes <= free));
  }

  /**
   * Whether a free worker has nothing to do until this is prepared: of what is being prepared, so many as are free and not to be
   * given what is ready. The others are prepared ahead.
   */
  isWaitedFor(id: TaskId): boolean {
    const free = this.#capacity.workers - this.#running.size - this.#ready.length;
    const place = [...this.#preparing.keys()].indexOf(id);
    return place >= 0 && place < free;
  }

  /** It now waits for a worker. */
  prepared(id: TaskId): void {
    const ready = this.#preparing.get(id);
    invariant(ready !== undefined, `task ${id} is not being prepared`);
    this.#preparing.delete(id);
    const place = this.#ready.findIndex(({ order }) => order > ready.order);
    this.#ready.splice(place < 0 ? this.#ready.length : place, 0, ready);
  }

  /** Gives a ready task to a worker, if one may begin now. */
  admit(now: number): Admission | undefined {
    const { memoryBytes, workers } = this.#capacity;
    if (this.#isHeld || this.#running.size >= workers || this.#isAloneRunning()) return undefined;
    if (this.#isPaused && this.#running.size > 0) return undefined;
    const candidates = this.#ready.map(({ overtaken, task }) => ({
      needBytes: this.#termsOf(task).needBytes,
      wallMs: task.expected.wallMs,
      mayBeOvertaken: overtaken < overtakenPerWorker * workers,
    }));
    const holders = [...this.#running.values()].map((one) => ({
      heldBytes: this.#heldBytes(one),
      endsAt: expectedEnd(one, now),
    }));
    const place = chooseAdmission(candidates, holders, memoryBytes, now);
    if (place === undefined) return undefined;
    for (const overtaken of this.#ready.slice(0, place)) overtaken.overtaken++;
    const [chosen] = this.#ready.splice(place, 1);
    return chosen === undefined ? undefined : this.#begin(chosen.task, now);
  }

  /** What a running task uses at the moment. */
  observe(id: TaskId, observed: ObservedUse): void {
    const running = this.#running.get(id);
    if (running !== undefined) running.observed = observed;
  }

  /**
   * The task to stop because memory has run short, and to do again alone; undefined while another that was to be stopped has
   * not ended yet, and where stopping one would help nobody.
   *
   * @param isShort whether the host itself has run short; else the budget decides.
   */
  chooseToStop(isShort: boolean): TaskId | undefined {
    const running = [...this.#running.values()];
    if (running.some(({ isStopping }) => isStopping)) return undefined;
    const used = running.reduce((sum, { observed }) => sum + observed.memoryBytes, 0);
    if (!isShort && used <= this.#capacity.memoryBytes) return undefined;
    const chosen = chooseToStop(
      running.map(({ observed, startedAt, task }) => ({
        id: task.id,
        startedAt,
        memoryBytes: observed.memoryBytes,
      })),
    );
    const stopped = chosen === undefined ? undefined : this.#running.get(chosen);
    if (stopped !== undefined) stopped.isStopping = true;
    return chosen;
  }

  /** It is over, or is not to be done at all after it was given out. */
  ended(id: TaskId): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      this.#given -= running.admission.parallel;
      this.#running.delete(id);
      return;
    }
    if (this.#preparing.delete(id)) return;
    const place = this.#ready.findIndex(({ task }) => task.id === id);
    if (place >= 0) this.#ready.splice(place, 1);
  }

  /** The lowest level that has not ended, where a task of it still waits. */
  #levelToBegin(): number | undefined {
    const level = this.#waiting.lowestLevel();
    if (level === undefined) return undefined;
    const under = [...this.#preparing.values(), ...this.#ready];
    const isBelow = (task: ScheduledTask): boolean => task.level < level;
    if (under.some(({ task }) => isBelow(task))) return undefined;
    for (const { task } of this.#running.values()) if (isBelow(task)) return undefined;
    return level;
  }

  #giveOut(task: ScheduledTask | undefined): ScheduledTask | undefined {
    if (task === undefined) return undefined;
    this.#preparing.set(task.id, { task, order: this.#givenOut++, overtaken: 0 });
    return task;
  }

  #begin(task: ScheduledTask, now: number): Admission {
    const { cores, memoryBytes, workers } = this.#capacity;
    const { needBytes, upper } = this.#termsOf(task);
    const others = this.#waiting.size + this.#preparing.size + this.#ready.length;
    const startable = task.alone ? 1 : Math.min(workers - this.#running.size, 1 + others);
    const admission = {
      task: task.id,
      worker: this.#freeWorker(),
      parallel: this.#capacity.parallel ?? chooseParallel(cores, this.#given, startable),
      alone: task.alone || needBytes >= memoryBytes,
      upper,
    };
    this.#given += admission.parallel;
    this.#running.set(task.id, {
      task,
      admission,
      startedAt: now,
      needBytes,
      observed: { memoryBytes: 0, upperBytes: 0 },
      isStopping: false,
    });
    return admission;
  }

  /** What it would take: with an upper on disk, where it would not fit into the whole budget otherwise. */
  #termsOf(task: ScheduledTask): { readonly needBytes: number; readonly upper: 'tmpfs' | 'disk' } {
    const { memoryBytes, upper: policy } = this.#capacity;
    let upper = choosePlace(task.expected, policy);
    if (policy.place === 'auto' && memoryNeed(task.expected, upper) > memoryBytes) upper = 'disk';
    const needBytes = task.alone ? memoryBytes : Math.min(memoryBytes, memoryNeed(task.expected, upper));
    return { needBytes, upper };
  }

  #heldBytes({ needBytes, observed }: Running): number {
    return Math.max(needBytes, observed.memoryBytes);
  }

  #freeBytes(): number {
    let free = this.#capacity.memoryBytes;
    for (const running of this.#running.values()) free -= this.#heldBytes(running);
    return free;
  }

  #isAloneUnderWay(): boolean {
    const tasks = [...this.#preparing.values(), ...this.#ready];
    return tasks.some(({ task }) => task.alone) || this.#isAloneRunning();
  }

  #isAloneRunning(): boolean {
    for (const { task } of this.#running.values()) if (task.alone) return true;
    return false;
  }

  #freeWorker(): number {
    const taken = new Set([...this.#running.values()].map(({ admission }) => admission.worker));
    for (let worker = 0; ; worker++) if (!taken.has(worker)) return worker;
  }
}

/** One that has taken longer than expected is taken to be half done. */
function expectedEnd({ startedAt, task }: Running, now: number): number {
  const expected = startedAt + task.expected.wallMs;
  return expected > now ? expected : now + (now - startedAt);
}
