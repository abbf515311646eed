// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/schedule.ts [--tasks N] [--workers N] [--work DIR]
 *
 * A simulated campaign of N tasks (34,000) whose durations and sizes are skewed as published, on a clock that jumps from
 * one end to the next: no sandbox, no roots, but the scheduler, the loop that brings tasks through their attempts, the
 * recorder with its fold, and the database as they are in a campaign, with ten events for each attempt. Every fiftieth
 * build fails and is tried again alone. Prints processor time per task of each part (a run without it is taken off), and
 * the heap after garbage collection while it goes on: as in a campaign, where what has ended rests in the database, and
 * beside it with all of it kept in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EndedTasks } from '../src/campaign/ended-tasks.ts';
import { EventRecorder } from '../src/campaign/event-recorder.ts';
import { type TaskActions, TaskLoop } from '../src/campaign/task-loop.ts';
import { CampaignWriter } from '../src/db/campaign-writer.ts';
import { openDatabase } from '../src/db/database.ts';
import type { TaskId } from '../src/events/events.ts';
import type { Outcome } from '../src/events/outcome.ts';
import { longFrom } from '../src/schedule/long-from.ts';
import type { ScheduledTask } from '../src/schedule/scheduled-task.ts';
import { Scheduler } from '../src/schedule/scheduler.ts';
import type { SimulatedTask } from '../src/schedule/simulate-campaign.ts';
import { skewedTasks } from '../src/schedule/skewed-tasks.ts';

/** Time that passes only when everybody waits for it. */
class JumpingClock {
  now = 0;
  readonly #alarms: { readonly at: number; ring(): void }[] = [];

  after(ms: number): Promise<void> {
    return new Promise((ring) => this.#alarms.push({ at: this.now + ms, ring }));
  }

  async runUntil(over: Promise<unknown>): Promise<void> {
    let isOver = false;
    void over.finally(() => {
      isOver = true;
    });
    for (;;) {
      await new Promise(setImmediate);
      if (isOver) break;
      if (this.#alarms.length === 0) continue;
      const next = this.#alarms.reduce((first, one) => (one.at < first.at ? one : first));
      this.#alarms.splice(this.#alarms.indexOf(next), 1);
      this.now = next.at;
      next.ring();
    }
    await over;
  }
}

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '34000' },
    workers: { type: 'string', default: '32' },
    work: { type: 'string', default: '/var/tmp' },
  },
});
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const count = Number(values.tasks);
const workers = Number(values.workers);
const tasks = skewedTasks({ count, seed: 1, wrongBy: 2 });
const memoryBytes = 4 * workers * 1024 ** 3;
const samples = 8;

type Part = 'loop' | 'events' | 'database' | 'all kept';

const directory = mkdtempSync(join(values.work, 'paseka-bench-'));
try {
  await run('database', 1000); // what is compiled and cached at first is nobody's
  const loop = await run('loop', count);
  const events = await run('events', count);
  const database = await run('database', count);
  const perTask = (ms: number): string => `${(ms / count).toFixed(3)} ms`;
  console.log(`${count} tasks on ${workers} workers, processor time for each task:`);
  console.log(`  scheduler and loop  ${perTask(loop.cpuMs)}`);
  console.log(`  recorder and fold   ${perTask(events.cpuMs - loop.cpuMs)}`);
  console.log(`  database            ${perTask(database.cpuMs - events.cpuMs)}`);
  console.log(`  together            ${perTask(database.cpuMs)}   (${database.events} events)`);
  console.log(`heap in MB at each eighth:        ${database.heapMegabytes.join(' ')}`);
  const kept = await run('all kept', count);
  console.log(`with all that ended kept there:  ${kept.heapMegabytes.join(' ')}`);
} finally {
  rmSync(directory, { recursive: true });
}

interface RunResult {
  readonly cpuMs: number;
  readonly events: number;
  readonly heapMegabytes: readonly number[];
}

/** The whole campaign with the parts up to the one that is named. */
async function run(upTo: Part, size: number): Promise<RunResult> {
  await using stack = new AsyncDisposableStack();
  const simulated = tasks.slice(0, size);
  const clock = new JumpingClock();
  const recorder = upTo === 'loop' ? undefined : new EventRecorder(() => clock.now);
  if ((upTo === 'database' || upTo === 'all kept') && recorder !== undefined) {
    const database = stack.use(openDatabase(join(directory, `${size}-${upTo}.sqlite`)));
    const writer = stack.use(new CampaignWriter(database, { request: '{}' }));
    recorder.subscribe(writer.write);
    if (upTo === 'database') recorder.subscribe(new EndedTasks(() => writer.committedSeq).read);
  }
  const heapMegabytes: number[] = [];
  collectGarbage();
  const began = process.cpuUsage();
  let pausedMs = 0;
  const atEnd = (ended: number): void => {
    if (ended % Math.floor(size / samples) !== 0) return;
    const before = process.cpuUsage();
    collectGarbage();
    heapMegabytes.push(Math.round(process.memoryUsage().heapUsed / 1024 ** 2));
    pausedMs += milliseconds(process.cpuUsage(before));
  };
  recorder?.emit({
    type: 'campaign-started',
    campaign: `bench-${size}`,
    snapshot: 'f'.repeat(64),
    suite: 'bench',
    architecture: 'amd64',
    workers,
  });
  const scheduler = new Scheduler({
    workers,
    cores: workers,
    memoryBytes,
    upper: { place: 'auto', largestTmpfsBytes: memoryBytes / workers / 2 },
    longMs: longFrom(
      simulated.map(({ expected }) => expected.wallMs),
      workers,
    ),
  });
  const loop = new TaskLoop<TaskId>({
    scheduler,
    batches: batchesOf(simulated, recorder),
    actions: actionsOf(simulated, clock, recorder, atEnd),
    retries: { retries: 1, hostFaultRetries: 3, backoffMs: 1000 },
    drain: new AbortController().signal,
    now: () => clock.now,
    wait: (ms) => clock.after(ms),
  });
  const over = loop.run();
  await clock.runUntil(over);
  recorder?.emit({ type: 'campaign-ended', cancelled: false });
  await stack.disposeAsync();
  return {
    cpuMs: milliseconds(process.cpuUsage(began)) - pausedMs,
    events: recorder?.state.seq ?? 0,
    heapMegabytes,
  };
}

/** In parts of a thousand, as a campaign plans them; all are told of at the beginning. */
async function* batchesOf(
  simulated: readonly SimulatedTask[],
  recorder: EventRecorder | undefined,
): AsyncGenerator<readonly ScheduledTask[]> {
  for (const [id, { expected }] of simulated.entries()) {
    recorder?.emit({
      type: 'task-added',
      task: id as TaskId,
      source: `source-${id}`,
      version: `1.${id}-1`,
      predicted: expected,
    });
  }
  for (let start = 0; start < simulated.length; start += 1000) {
    yield simulated.slice(start, start + 1000).map(({ expected }, index) => ({
      id: (start + index) as TaskId,
      expected,
      level: 0,
      alone: false,
      notBefore: 0,
    }));
  }
}

/** Builds that take their time on the clock and tell what real ones tell. */
function actionsOf(
  simulated: readonly SimulatedTask[],
  clock: JumpingClock,
  recorder: EventRecorder | undefined,
  atEnd: (ended: number) => void,
): TaskActions<TaskId> {
  const outcomes = new Map<TaskId, Outcome[]>();
  let ended = 0;
  return {
    outcomesOf: (task) => outcomes.get(task) ?? [],
    async prepare({ id: task }) {
      const attempt = (outcomes.get(task)?.length ?? 0) + 1;
      recorder?.emit({ type: 'attempt-started', task, attempt, log: `logs/source-${task}_1.${task}-1.log` });
      recorder?.emit({ type: 'phase-started', task, phase: 'resolve' });
      recorder?.emit({ type: 'dependencies-resolved', task, decidedBy: 'paseka' });
      recorder?.emit({ type: 'attempt-ready', task });
      return { kind: 'prepared', prepared: task };
    },
    async run(task, { parallel, worker }) {
      const { memoryBytes: peakMemoryBytes = 0, upperBytes = 0, wallMs = 0 } = simulated[task] ?? {};
      const attempt = (outcomes.get(task)?.length ?? 0) + 1;
      recorder?.emit({ type: 'worker-assigned', task, worker, parallel });
      recorder?.emit({ type: 'phase-started', task, phase: 'build' });
      await clock.after(wallMs);
      const outcome: Outcome =
        task % 50 === 0 && attempt === 1
          ? { kind: 'failed', stage: 'build', reason: `make: *** [Makefile:${task}: all] Error 1` }
          : { kind: 'built' };
      if (outcome.kind === 'built') {
        const checked = { package: `package-${task}`, version: `1.${task}-1` };
        const passed = {
          outcome: { kind: 'passed' },
          warnings: [],
          wallMs: 90,
          decidedBy: 'paseka',
        } as const;
        recorder?.emit({ type: 'install-check-ended', task, ...checked, ...passed });
      }
      outcomes.set(task, [...(outcomes.get(task) ?? []), outcome]);
      const artifact = { file: `package-${task}_1.${task}-1_all.deb`, bytes: task, sha256: 'a'.repeat(64) };
      recorder?.emit({
        type: 'attempt-ended',
        task,
        attempt,
        outcome,
        usage: { wallMs, buildMs: wallMs, buildCpuMs: wallMs, cpuMs: wallMs, peakMemoryBytes, upperBytes },
        artifacts: outcome.kind === 'built' ? [artifact] : [],
      });
      return outcome;
    },
    end(task, outcome) {
      recorder?.emit({ type: 'task-ended', task, outcome });
      outcomes.delete(task);
      atEnd(++ended);
    },
    again: (task, { alone, notBefore }) => ({ ...task, alone, notBefore }),
  };
}

function milliseconds({ system, user }: NodeJS.CpuUsage): number {
  return (system + user) / 1000;
}
