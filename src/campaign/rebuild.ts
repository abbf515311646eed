// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { isPasekaError } from '../base/paseka-error.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { TaskId } from '../events/events.ts';
import { isPassed, type Outcome } from '../events/outcome.ts';
import { makeDirectory } from '../host/files.ts';
import { Attempt } from './attempt.ts';
import { outcomeOfError } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { EventRecorder } from './event-recorder.ts';
import { explainFailure } from './explain-failure.ts';
import { checkPackage } from './install-check.ts';
import { runPipeline } from './pipeline.ts';
import { type PlannedSource, planCampaign, plannedAtOnce } from './plan-campaign.ts';
import { type PreparedBuild, prepareAttempt } from './prepare-attempt.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { type AttemptResult, runAttempt } from './run-attempt.ts';

export interface RebuildRequest {
  readonly id: string;
  readonly sources: readonly SourceInput[];
  readonly options: RebuildOptions;
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

interface Task {
  readonly id: TaskId;
  readonly source: SourceInput;
  readonly shared: PlannedSource['shared'];
}

interface PreparedTask {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly build: PreparedBuild;
}

/**
 * Rebuilds sources in parallel: each is resolved and fetched ahead, built in its own buildroot, and each package that
 * it gave is install-checked. Every task ends with an outcome, whatever happens to others.
 */
export async function rebuild(context: CampaignContext, request: RebuildRequest): Promise<CampaignState> {
  const { options, recorder, sources } = request;
  await makeDirectory(join(request.directory, 'logs'));
  for (const [index, { name, version }] of sources.entries()) {
    recorder.emit({ type: 'task-added', task: index as TaskId, source: name, version });
  }
  const open = new Map<TaskId, Attempt>();
  if (await hasBuildBase(context, request)) {
    const over = new AbortController();
    // Needed first when the first build is over; a failure comes back from ensure() there.
    const checkBase = options.installChecks
      ? context.bases.ensure(context.snapshot, 'minimal', AbortSignal.any([request.stop, over.signal]))
      : Promise.resolve();
    const checkBaseSettled = checkBase.catch(() => undefined);
    try {
      await runPipeline<Task, PreparedTask>({
        items: orderedTasks(context, request),
        workers: options.workers,
        lookahead: options.workers * 2,
        drain: request.drain,
        prepare: async (task) => prepareTask(context, request, task, 1, open),
        run: async (prepared, worker) => runTask(context, request, prepared, worker, open),
      });
    } finally {
      over.abort();
      await checkBaseSettled;
    }
  }
  for (const attempt of open.values()) attempt.end({ kind: 'cancelled' });
  for (const [id, task] of recorder.state.tasks) {
    if (task.status !== 'ended') endTask(request, id, { kind: 'cancelled' });
  }
  recorder.emit({ type: 'campaign-ended', cancelled: request.drain.aborted });
  return recorder.state;
}

/** All tasks in the order of the plan; so many are planned at a time that the first builds begin within a second. */
async function* orderedTasks(context: CampaignContext, request: RebuildRequest): AsyncGenerator<Task> {
  const base = await context.bases.ensure(context.snapshot, 'build', request.drain);
  for (let start = 0; start < request.sources.length; start += plannedAtOnce) {
    const sources = request.sources.slice(start, start + plannedAtOnce);
    for (const { place, shared } of await planCampaign(context, base, sources, request.options)) {
      const source = sources[place];
      if (source !== undefined) yield { id: (start + place) as TaskId, source, shared };
    }
  }
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

async function prepareTask(
  context: CampaignContext,
  request: RebuildRequest,
  task: Task,
  number: number,
  open: Map<TaskId, Attempt>,
): Promise<PreparedTask | undefined> {
  const { source } = task;
  const attempt = new Attempt({
    task: task.id,
    number,
    source,
    options: request.options,
    shared: task.shared,
    recorder: request.recorder,
    directory: request.directory,
    drain: request.drain,
    stop: request.stop,
    now: context.now,
    ...(request.onOutput === undefined
      ? {}
      : { onOutput: (text: Uint8Array) => request.onOutput?.(source.name, text) }),
  });
  open.set(task.id, attempt);
  const outcome = await (async (): Promise<Outcome | PreparedTask> => {
    try {
      const preparation = await prepareAttempt(context, attempt);
      if (preparation.kind === 'ended') return await explainFailure(context, attempt, preparation.outcome);
      return { task, attempt, build: preparation.build };
    } catch (error) {
      return outcomeOfError(error);
    }
  })();
  if ('task' in outcome) {
    attempt.pause();
    return outcome;
  }
  open.delete(task.id);
  attempt.end(outcome);
  if (number <= request.options.retries && isWorthRetrying(outcome) && !request.drain.aborted) {
    return prepareTask(context, request, task, number + 1, open);
  }
  endTask(request, task.id, outcome);
  return undefined;
}

async function runTask(
  context: CampaignContext,
  request: RebuildRequest,
  prepared: PreparedTask,
  worker: number,
  open: Map<TaskId, Attempt>,
): Promise<void> {
  const { attempt, task } = prepared;
  attempt.resume(worker);
  let outcome: Outcome;
  let artifacts: AttemptResult['artifacts'] = [];
  try {
    const result = await runAttempt(context, attempt, prepared.build);
    ({ outcome, artifacts } = result);
    if (isPassed(outcome) && request.options.installChecks) {
      outcome = await checkPackages(context, request, attempt, result);
    }
  } catch (error) {
    outcome = outcomeOfError(error);
  }
  outcome = await explainFailure(context, attempt, outcome);
  open.delete(task.id);
  attempt.end(outcome, artifacts);
  if (attempt.number <= request.options.retries && isWorthRetrying(outcome) && !request.drain.aborted) {
    const again = await prepareTask(context, request, task, attempt.number + 1, open);
    if (again !== undefined) await runTask(context, request, again, worker, open);
    return;
  }
  endTask(request, task.id, outcome);
}

async function checkPackages(
  context: CampaignContext,
  request: RebuildRequest,
  attempt: Attempt,
  result: AttemptResult,
): Promise<Outcome> {
  let outcome = result.outcome;
  const built = new Set(result.packages.map(({ name }) => name));
  const given = request.options.candidates.filter(({ name }) => !built.has(name));
  for (const file of result.packages.filter((one) => context.distribution.isInstallChecked(one))) {
    attempt.phase('install-check', file.name);
    const started = context.now();
    const candidates = [...result.packages.filter((other) => other !== file), ...given];
    const checked = await checkPackage(context, attempt, file, candidates);
    request.recorder.emit({
      type: 'install-check-ended',
      task: attempt.task,
      package: file.name,
      version: file.version,
      outcome: checked.outcome,
      warnings: checked.warnings,
      wallMs: context.now() - started,
      ...(checked.decidedBy === undefined ? {} : { decidedBy: checked.decidedBy }),
    });
    for (const warning of checked.warnings) attempt.log.line(`warning: ${warning}`);
    if (isPassed(outcome) && checked.outcome.kind !== 'passed') {
      outcome = outcomeOfFailedCheck(file.name, checked.outcome);
    }
  }
  return outcome;
}

function outcomeOfFailedCheck(
  name: string,
  check: Exclude<Awaited<ReturnType<typeof checkPackage>>['outcome'], { kind: 'passed' }>,
): Outcome {
  switch (check.kind) {
    case 'failed':
      return { kind: 'failed', stage: 'install-check', reason: `${name}, ${check.step}: ${check.reason}` };
    case 'dependencies-unsatisfiable':
      return { kind: 'failed', stage: 'install-check', reason: `${name}: ${check.explanation}` };
    default:
      return check;
  }
}

function endTask(request: RebuildRequest, task: TaskId, outcome: Outcome): void {
  request.recorder.emit({ type: 'task-ended', task, outcome });
}

/** Another attempt can't change what the repository says, nor that the user cancelled. */
function isWorthRetrying(outcome: Outcome): boolean {
  return !['built', 'cancelled', 'dependencies-unsatisfiable', 'file-missing'].includes(outcome.kind);
}
