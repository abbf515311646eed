// SPDX-License-Identifier: GPL-2.0-or-later
import { InvariantError } from '../base/invariant.ts';
import { isPasekaError } from '../base/paseka-error.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { PredictedUse, TaskId } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import type { HostGauge } from '../host/host-gauge.ts';
import { afterAttempt, isFlaky } from '../schedule/after-attempt.ts';
import { longFrom } from '../schedule/long-from.ts';
import type { ScheduledTask } from '../schedule/scheduled-task.ts';
import { Scheduler } from '../schedule/scheduler.ts';
import type { TaskHistory } from '../schedule/task-history.ts';
import { Attempt, type AttemptOptions } from './attempt.ts';
import { outcomeOfError } from './attempt-outcome.ts';
import { buildTask, type PreparedTask, prepareTask } from './build-task.ts';
import type { CampaignContext } from './campaign-context.ts';
import { whyChangeIsLost } from './changed-sources.ts';
import { countedOutcomes } from './counted-outcomes.ts';
import type { EventRecorder } from './event-recorder.ts';
import { type OrderedSource, orderSources } from './order-sources.ts';
import { type PlannedSource, planCampaign, plannedAtOnce } from './plan-campaign.ts';
import { openPrediction } from './predict-tasks.ts';
import { type RebuildOptions, retryPolicy } from './rebuild-options.ts';
import { ResourceWatch } from './resource-watch.ts';
import type { ReusableResults } from './reusable-results.ts';
import { BuiltPackages } from './stage/built-packages.ts';
import { reopenBuilt } from './stage/reopen-built.ts';
import { type TaskActions, TaskLoop } from './task-loop.ts';
import { UsageMeter } from './usage-meter.ts';

export interface RebuildRequest {
  /** Of all tasks of the recorder's state, in their order; those that have ended are left alone. */
  readonly sources: readonly SourceInput[];
  readonly options: RebuildOptions;
  /** What builds took before. */
  readonly history: TaskHistory;
  readonly gauge: HostGauge;
  /** Why nothing new is to begin for now; undefined: it may. */
  readonly heldBecause?: () => string | undefined;
  /** Earlier results that may be taken over; undefined: everything is built. */
  readonly reuse?: ReusableResults;
  /** Of this campaign, existing: logs and results go there. */
  readonly directory: string;
  readonly recorder: EventRecorder;
  /** No further task is begun. */
  readonly drain: AbortSignal;
  /** What runs is stopped too. */
  readonly stop: AbortSignal;
  /** Everything that tasks' tools say, as it comes. */
  readonly onOutput?: (source: string, text: Uint8Array) => void;
}

const lookEveryMs = 1000;

/**
 * Rebuilds sources in parallel: each is resolved and fetched ahead, built in its own buildroot, and each package that
 * it gave is install-checked. Every task ends with an outcome, whatever happens to others; but where a source fails that is
 * the campaign's change, nothing more begins.
 */
export async function rebuild(context: CampaignContext, request: RebuildRequest): Promise<void> {
  const { recorder } = request;
  const open = new Map<TaskId, Attempt>();
  let end: 'done' | 'gave-up' = 'done';
  if (hasTaskAhead(recorder) && (await hasBuildBase(context, request))) {
    const over = new AbortController();
    // Needed first when the first build is over; a failure comes back from ensure() there.
    const checkBase = request.options.installChecks
      ? context.bases.ensure(context.snapshot, 'minimal', AbortSignal.any([request.stop, over.signal]))
      : Promise.resolve();
    const checkBaseSettled = checkBase.catch(() => undefined);
    try {
      end = await runTasks(context, request, expectedUses(context, request), open);
    } finally {
      over.abort();
      await checkBaseSettled;
    }
  }
  if (end === 'gave-up') recorder.emit({ type: 'admission-paused', because: whyGivenUp(recorder) });
  for (const attempt of open.values()) attempt.end({ kind: 'cancelled' });
  for (const [task, { attempts, status }] of recorder.state.tasks) {
    if (status === 'ended') continue;
    // A failure that was to be tried again is none yet: who goes on with the campaign finds it open.
    const last = end === 'gave-up' ? attempts.at(-1)?.outcome : undefined;
    recorder.emit({
      type: 'task-ended',
      task,
      outcome: last?.kind === 'host-fault' ? last : { kind: 'cancelled' },
    });
  }
  recorder.emit({ type: 'campaign-ended', cancelled: request.drain.aborted || end === 'gave-up' });
}

/** What each task was expected to take when it was added. */
function expectedUses(
  context: CampaignContext,
  { history, recorder, sources }: RebuildRequest,
): PredictedUse[] {
  const { tasks } = recorder.state;
  const predict = openPrediction(history, context.snapshot.catalog);
  return sources.map((source, index) => tasks.get(index as TaskId)?.predicted ?? predict(source));
}

function hasTaskAhead({ state }: EventRecorder): boolean {
  return state.totals.ended < state.totals.tasks;
}

/** Why nothing more is begun after too many faults of this host: by the last of them. */
function whyGivenUp({ state }: EventRecorder): string {
  let [lastAt, last] = [0, ''];
  for (const { attempts } of state.tasks.values()) {
    const { endedAt = 0, outcome } = attempts.at(-1) ?? {};
    if (outcome?.kind === 'host-fault' && endedAt >= lastAt) [lastAt, last] = [endedAt, outcome.message];
  }
  return `one attempt after the other meets a fault of this host, the last one: ${last}`;
}

/** Brings all tasks to their ends, as far as user and host let it. */
async function runTasks(
  context: CampaignContext,
  request: RebuildRequest,
  expected: readonly PredictedUse[],
  open: Map<TaskId, Attempt>,
): Promise<'done' | 'gave-up'> {
  const { options, recorder } = request;
  const { cores, memoryBytes, reserveBytes, uppers } = options.resources;
  const longMs = longFrom(
    expected.map(({ wallMs }) => wallMs),
    options.workers,
  );
  const scheduler = new Scheduler({
    workers: options.workers,
    cores,
    memoryBytes,
    upper: uppers,
    longMs,
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
  });
  const built = new BuiltPackages(options.candidates);
  await reopenBuilt(context, recorder.state, request.directory, built);
  const plans = new Map<TaskId, PlannedSource>();
  const lost = new AbortController();
  const endOfTask = (): void => {
    const why = lost.signal.aborted ? undefined : whyChangeIsLost(recorder.state);
    if (why === undefined) return;
    recorder.emit({ type: 'note', level: 'warning', message: why });
    lost.abort();
  };
  endOfTask(); // of before this process
  const loop = new TaskLoop<PreparedTask>({
    scheduler,
    batches: plannedTasks(context, request, orderSources(request.sources, expected, longMs), plans),
    actions: actionsOf(context, request, plans, open, built, endOfTask),
    retries: retryPolicy(options),
    drain: AbortSignal.any([request.drain, lost.signal]),
    now: context.now,
    wait: context.wait,
  });
  const watch = new ResourceWatch({
    gauge: request.gauge,
    recorder,
    scheduler,
    reserveBytes,
    heldBecause: request.heldBecause,
    uses: () => [...open].map(([task, attempt]) => [task, attempt.usage.current] as const),
    stop: (task) => open.get(task)?.stopForMemory(),
    onLook: () => loop.changed(),
  });
  watch.look();
  const timer = setInterval(() => {
    try {
      watch.look();
    } catch (error) {
      loop.fail(error);
    }
  }, lookEveryMs);
  try {
    return await loop.run();
  } finally {
    clearInterval(timer);
    watch.end();
  }
}

function actionsOf(
  context: CampaignContext,
  request: RebuildRequest,
  plans: Map<TaskId, PlannedSource>,
  open: Map<TaskId, Attempt>,
  built: BuiltPackages,
  onTaskEnded: () => void,
): TaskActions<PreparedTask> {
  const { recorder, options } = request;
  const before = new Map<TaskId, number>();
  for (const { task, attempts } of recorder.state.tasks.values()) {
    if (attempts.length > 0) before.set(task, attempts.length);
  }
  return {
    outcomesOf: (task) => countedOutcomes(recorder.state.tasks.get(task), before.get(task) ?? 0),
    async prepare({ id }, isWaitedFor) {
      const candidates = built.before(levelOf(recorder, id));
      const profiles = [...options.profiles, ...(options.profilesOf?.[id] ?? [])];
      const own = { ...request, options: { ...options, candidates, profiles } };
      let attempt: Attempt;
      try {
        attempt = beginAttempt(context, own, id, { shared: plans.get(id)?.shared ?? [], isWaitedFor });
      } catch (error) {
        const outcome = outcomeOfError(error);
        endUnbegun(recorder, id, outcome);
        plans.get(id)?.expected?.[Symbol.dispose]();
        return { kind: 'ended', outcome };
      }
      open.set(id, attempt);
      const end = await prepareTask(context, attempt);
      plans.get(id)?.expected?.[Symbol.dispose]();
      if (end.kind === 'ended') open.delete(id);
      return end;
    },
    async run(prepared, admission) {
      const { outcome, packages } = await buildTask(context, recorder, prepared, admission);
      const { task } = prepared.attempt;
      open.delete(task);
      built.add(levelOf(recorder, task), packages);
      return outcome;
    },
    again: (task, { alone, notBefore }) => ({ ...task, ...withSeen(recorder, task), alone, notBefore }),
    end(task, outcome) {
      const attempts = recorder.state.tasks.get(task)?.attempts ?? [];
      recorder.emit({ type: 'task-ended', task, outcome });
      if (isFlaky(attempts.flatMap(({ outcome: one }) => one ?? [])))
        recorder.emit({ type: 'task-judged', task, verdict: 'flaky' });
      plans.delete(task);
      onTaskEnded();
    },
  };
}

/** Ends an attempt that could not be made, as there was no room for its log. */
function endUnbegun(recorder: EventRecorder, task: TaskId, outcome: Outcome): void {
  const attempt = recorder.state.tasks.get(task)?.attempts.at(-1);
  if (attempt === undefined || attempt.endedAt !== undefined) return;
  const usage = new UsageMeter().total(0);
  recorder.emit({ type: 'attempt-ended', task, attempt: attempt.attempt, outcome, usage, artifacts: [] });
}

/** The level of a task; 0 for all where there are no stages. */
function levelOf({ state }: EventRecorder, task: number): number {
  return state.tasks.get(task as TaskId)?.level ?? 0;
}

/** What a task is expected to take, now that it has been seen to take more. */
function withSeen(recorder: EventRecorder, { expected, id }: ScheduledTask): Pick<ScheduledTask, 'expected'> {
  const usage = recorder.state.tasks.get(id)?.attempts.at(-1)?.usage;
  if (usage === undefined) return { expected };
  const memoryBytes = Math.max(expected.memoryBytes, usage.peakMemoryBytes);
  const upperBytes = Math.max(expected.upperBytes, usage.upperBytes);
  return { expected: { ...expected, memoryBytes, upperBytes } };
}

function beginAttempt(
  context: CampaignContext,
  request: RebuildRequest,
  task: TaskId,
  preparation: Pick<AttemptOptions, 'shared' | 'isWaitedFor'>,
): Attempt {
  const { directory, drain, onOutput, options, recorder, stop } = request;
  const source = request.sources[task];
  if (source === undefined) throw new InvariantError(`no source of task ${task}`);
  const attempts = recorder.state.tasks.get(task)?.attempts ?? [];
  return new Attempt({
    task,
    number: attempts.length + 1,
    // what is tried again is built
    reuse: attempts.every(({ outcome }) => outcome?.kind === 'cancelled') ? request.reuse : undefined,
    source,
    options,
    ...preparation,
    recorder,
    directory,
    drain,
    stop,
    now: context.now,
    ...(onOutput === undefined ? {} : { onOutput: (text: Uint8Array) => onOutput(source.name, text) }),
  });
}

/** All tasks that have not ended in their order, in parts; a part's layers are planned when it is asked for. */
async function* plannedTasks(
  context: CampaignContext,
  request: RebuildRequest,
  all: readonly OrderedSource[],
  plans: Map<TaskId, PlannedSource>,
): AsyncGenerator<readonly ScheduledTask[]> {
  const base = await context.bases.ensure(context.snapshot, 'build', request.drain);
  const { tasks } = request.recorder.state;
  const ordered = all
    .filter(({ place }) => tasks.get(place as TaskId)?.status !== 'ended')
    .sort((a, b) => levelOf(request.recorder, a.place) - levelOf(request.recorder, b.place));
  for (let start = 0; start < ordered.length; start += plannedAtOnce) {
    const part = ordered.slice(start, start + plannedAtOnce);
    const sources = part.map(({ source }) => source);
    const planned = await planCampaign(context, base, sources, request.options);
    yield planned.flatMap((plan) => {
      const one = part[plan.place];
      if (one === undefined) return [];
      const id = one.place as TaskId;
      plans.set(id, plan);
      const alone = isNextAlone(request, id);
      return [{ id, expected: one.expected, level: levelOf(request.recorder, id), alone, notBefore: 0 }];
    });
  }
}

/** Whether what is tried next, in a campaign that goes on, was to be done with nothing beside it. */
function isNextAlone({ options, recorder }: RebuildRequest, task: TaskId): boolean {
  const counted = countedOutcomes(recorder.state.tasks.get(task), 0);
  const outcomes = counted.filter(({ kind }) => kind !== 'cancelled');
  const next = afterAttempt(outcomes, retryPolicy(options), 0);
  return next.kind === 'again' && next.alone;
}

/** Makes the base that all builds need; false where the user cancelled that. */
async function hasBuildBase(context: CampaignContext, request: RebuildRequest): Promise<boolean> {
  try {
    await context.bases.ensure(context.snapshot, 'build', request.drain);
    return true;
  } catch (error) {
    if (request.drain.aborted && isPasekaError(error, 'cancelled')) return false;
    throw error;
  }
}
