// SPDX-License-Identifier: GPL-2.0-or-later
import type { PredictedUse, TaskId } from '../events/events.ts';
import type { Admission, Capacity } from './scheduled-task.ts';
import { Scheduler } from './scheduler.ts';

/** A task that takes what it takes, whatever was expected. */
export interface SimulatedTask {
  readonly wallMs: number;
  readonly memoryBytes: number;
  readonly upperBytes: number;
  readonly expected: PredictedUse;
  readonly level?: number;
  readonly alone?: boolean;
}

export interface SimulatedRun {
  readonly makespanMs: number;
  /** What was in use at most, of memory and of workers. */
  readonly peakMemoryBytes: number;
  readonly peakWorkers: number;
  /** In the order of beginning. */
  readonly begun: readonly (Admission & { readonly at: number })[];
  /** In the order of being made ready. */
  readonly prepared: readonly TaskId[];
}

/** Runs tasks by the scheduler on a clock that jumps from one end to the next: making ready takes no time. */
export function simulateCampaign(tasks: readonly SimulatedTask[], capacity: Capacity): SimulatedRun {
  const scheduler = new Scheduler(capacity);
  for (const [id, { alone = false, expected, level = 0 }] of tasks.entries()) {
    scheduler.add({ id: id as TaskId, expected, level, alone, notBefore: 0 });
  }
  scheduler.complete();
  const running: { readonly id: TaskId; readonly endsAt: number; readonly memoryBytes: number }[] = [];
  const begun: (Admission & { readonly at: number })[] = [];
  const prepared: TaskId[] = [];
  let [now, peakMemoryBytes, peakWorkers] = [0, 0, 0];
  const begin = (): void => {
    for (;;) {
      let next = scheduler.nextToPrepare(now);
      for (; next !== undefined; next = scheduler.nextToPrepare(now)) {
        prepared.push(next.id);
        scheduler.prepared(next.id);
      }
      const admission = scheduler.admit(now);
      if (admission === undefined) return;
      const task = tasks[admission.task];
      if (task === undefined) return;
      const written = admission.upper === 'tmpfs' ? task.upperBytes : 0;
      const memoryBytes = Math.max(task.memoryBytes, written);
      scheduler.observe(admission.task, { memoryBytes, upperBytes: task.upperBytes });
      begun.push({ ...admission, at: now });
      running.push({ id: admission.task, endsAt: now + task.wallMs, memoryBytes });
      const used = running.reduce((sum, one) => sum + one.memoryBytes, 0);
      peakMemoryBytes = Math.max(peakMemoryBytes, used);
      peakWorkers = Math.max(peakWorkers, running.length);
    }
  };
  for (begin(); running.length > 0; begin()) {
    const next = running.reduce((first, one) => (one.endsAt < first.endsAt ? one : first));
    running.splice(running.indexOf(next), 1);
    now = next.endsAt;
    scheduler.ended(next.id);
  }
  return { makespanMs: now, peakMemoryBytes, peakWorkers, begun, prepared };
}
