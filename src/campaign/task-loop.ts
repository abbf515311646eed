// SPDX-License-Identifier: GPL-2.0-or-later
import type { ErrorCode } from '../base/paseka-error.ts';
import type { TaskId } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import { type AfterAttempt, afterAttempt, type RetryPolicy } from '../schedule/after-attempt.ts';
import type { Admission, ScheduledTask } from '../schedule/scheduled-task.ts';
import type { Scheduler } from '../schedule/scheduler.ts';

/** What the loop has done with tasks; none of these rejects but for a bug. */
export interface TaskActions<Prepared> {
  /**
   * Begins an attempt and makes ready what its worker will need; an outcome where the attempt ends with that. Whether a worker
   * waits for it may change meanwhile.
   */
  prepare(
    task: ScheduledTask,
    isWaitedFor: () => boolean,
  ): Promise<
    | { readonly kind: 'prepared'; readonly prepared: Prepared }
    | { readonly kind: 'ended'; readonly outcome: Outcome }
  >;
  run(prepared: Prepared, admission: Admission): Promise<Outcome>;
  /** No attempt follows. */
  end(task: TaskId, outcome: Outcome): void;
  /** Of all attempts of a task so far, also of those before this process. */
  outcomesOf(task: TaskId): readonly Outcome[];
  /** The task as it is to be done again, with what is known of it now. */
  again(task: ScheduledTask, how: Extract<AfterAttempt, { kind: 'again' }>): ScheduledTask;
}

export interface TaskLoopOptions<Prepared> {
  readonly scheduler: Scheduler;
  /** All tasks, in parts as they are planned; the next part is asked for when it is needed. */
  readonly batches: AsyncIterable<readonly ScheduledTask[]>;
  readonly actions: TaskActions<Prepared>;
  readonly retries: RetryPolicy;
  /** When aborted, nothing more begins; what runs goes on to its end. */
  readonly drain: AbortSignal;
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * So many faults of this host in a row say that no other attempt will fare better; of attempts that ran beside each other one
 * counts, as all may have met the same.
 */
const mostFaultsInARow = 8;

/** They say nothing of others: one source's file; memory, for which it is done alone; a disk, for which all are held. */
const notCounted: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'memory-short',
  'file-not-on-mirror',
  'disk-full',
]);

/**
 * Brings tasks through their attempts as the scheduler wants it: each is prepared ahead of the workers, run by one, and
 * done again or ended by what became of it. After too many faults of the host in a row nothing more begins.
 */
export class TaskLoop<Prepared> {
  readonly #options: TaskLoopOptions<Prepared>;
  readonly #batches: AsyncIterator<readonly ScheduledTask[]>;
  readonly #ready = new Map<TaskId, { readonly task: ScheduledTask; readonly prepared: Prepared }>();
  readonly #errors: unknown[] = [];
  #faultsInARow = 0;
  /** How many faults were counted when an attempt that is under way began. */
  readonly #begunAfter = new Map<TaskId, number>();
  #faultsCounted = 0;
  #underWay = 0;
  #isLoading = false;
  #isExhausted = false;
  #wake = Promise.withResolvers<void>();

  constructor(options: TaskLoopOptions<Prepared>) {
    this.#options = options;
    this.#batches = options.batches[Symbol.asyncIterator]();
  }

  /** Something has changed that may let tasks begin. */
  changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  /** Nothing more begins, and {@link run} rejects with this when all that began has ended. */
  fail(error: unknown): void {
    this.#errors.push(error);
    this.changed();
  }

  /**
   * Returns when no task is left that may begin, and all that began have ended: `gave-up` where that was for this host's
   * faults. Rejects with the first error of an action, after all that began has ended.
   */
  async run(): Promise<'done' | 'gave-up'> {
    const { drain } = this.#options;
    const changed = (): void => this.changed();
    drain.addEventListener('abort', changed, { once: true });
    try {
      for (;;) {
        const woken = this.#wake.promise;
        if (!this.#isStopping) this.#begin();
        if (this.#underWay === 0 && !this.#isLoading) {
          const { underWay, waiting } = this.#options.scheduler;
          if (this.#isStopping || (this.#isExhausted && waiting + underWay === 0)) break;
        }
        await this.#waitForChange(woken);
      }
    } finally {
      drain.removeEventListener('abort', changed);
    }
    if (this.#errors.length > 0) throw this.#errors[0];
    return this.#hasGivenUp ? 'gave-up' : 'done';
  }

  get #hasGivenUp(): boolean {
    return this.#faultsInARow >= mostFaultsInARow;
  }

  get #isStopping(): boolean {
    return this.#options.drain.aborted || this.#errors.length > 0 || this.#hasGivenUp;
  }

  #begin(): void {
    const { now, scheduler } = this.#options;
    if (!this.#isLoading && !this.#isExhausted && scheduler.isHungry(now())) void this.#guarded(this.#load());
    for (let next = scheduler.nextToPrepare(now()); next !== undefined; ) {
      void this.#guarded(this.#prepare(next));
      next = scheduler.nextToPrepare(now());
    }
    for (let next = scheduler.admit(now()); next !== undefined; next = scheduler.admit(now())) {
      const ready = this.#ready.get(next.task);
      this.#ready.delete(next.task);
      if (ready !== undefined) void this.#guarded(this.#run(ready.task, ready.prepared, next));
    }
  }

  async #load(): Promise<void> {
    const { scheduler } = this.#options;
    this.#isLoading = true;
    try {
      const next = await this.#batches.next();
      if (next.done === true) {
        this.#isExhausted = true;
        scheduler.complete();
      } else for (const task of next.value) scheduler.add(task);
    } finally {
      this.#isLoading = false;
    }
  }

  async #prepare(task: ScheduledTask): Promise<void> {
    const { actions, scheduler } = this.#options;
    this.#begunAfter.set(task.id, this.#faultsCounted);
    const end = await actions.prepare(task, () => scheduler.isWaitedFor(task.id));
    if (end.kind === 'ended') return this.#attemptEnded(task, end.outcome);
    this.#ready.set(task.id, { task, prepared: end.prepared });
    scheduler.prepared(task.id);
  }

  async #run(task: ScheduledTask, prepared: Prepared, admission: Admission): Promise<void> {
    this.#attemptEnded(task, await this.#options.actions.run(prepared, admission));
  }

  #attemptEnded(task: ScheduledTask, outcome: Outcome): void {
    const { actions, drain, now, retries, scheduler } = this.#options;
    scheduler.ended(task.id);
    this.#countFault(task.id, outcome);
    const next = afterAttempt(actions.outcomesOf(task.id), retries, now());
    if (next.kind === 'over') actions.end(task.id, outcome);
    // After drain it is left as it is, with its attempts to come: it has not ended.
    else if (!drain.aborted) scheduler.add(actions.again(task, next));
  }

  #countFault(task: TaskId, outcome: Outcome): void {
    const begunAfter = this.#begunAfter.get(task) ?? 0;
    this.#begunAfter.delete(task);
    if (outcome.kind !== 'host-fault') this.#faultsInARow = 0;
    else if (!notCounted.has(outcome.code) && begunAfter === this.#faultsCounted) {
      this.#faultsInARow++;
      this.#faultsCounted++;
    }
  }

  async #guarded(work: Promise<void>): Promise<void> {
    this.#underWay++;
    try {
      await work;
    } catch (error) {
      this.#errors.push(error);
    } finally {
      this.#underWay--;
      this.changed();
    }
  }

  /** Where nothing is under way, what waits for its time is all that there is to wait for. */
  async #waitForChange(woken: Promise<void>): Promise<void> {
    const { now, scheduler, wait } = this.#options;
    const { earliest } = scheduler;
    if (earliest === undefined || this.#isStopping) return woken;
    const over = new AbortController();
    await Promise.race([woken, wait(Math.max(0, earliest - now()), over.signal)]);
    over.abort();
  }
}
