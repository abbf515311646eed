// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import type { InstallCheckOutcome, Outcome } from '../events/outcome.ts';
import { isPassed } from '../events/outcome.ts';
import type { Admission } from '../schedule/scheduled-task.ts';
import type { Attempt } from './attempt.ts';
import { outcomeOfError } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { EventRecorder } from './event-recorder.ts';
import { explainFailure } from './explain-failure.ts';
import { checkPackage } from './install-check.ts';
import type { PreparedBuild } from './prepare-attempt.ts';
import { prepareAttempt } from './prepare-attempt.ts';
import { reusedResult } from './reused-result.ts';
import { type AttemptResult, runAttempt } from './run-attempt.ts';

/** An attempt that waits for its worker. */
export interface PreparedTask {
  readonly attempt: Attempt;
  readonly build: PreparedBuild;
}

/** The part of an attempt that is done ahead of its worker; ends the attempt where it ends with that. */
export async function prepareTask(
  context: CampaignContext,
  attempt: Attempt,
): Promise<{ kind: 'prepared'; prepared: PreparedTask } | { kind: 'ended'; outcome: Outcome }> {
  let outcome: Outcome;
  try {
    const preparation = await prepareAttempt(context, attempt);
    if (preparation.kind === 'prepared') {
      attempt.pause();
      return { kind: 'prepared', prepared: { attempt, build: preparation.build } };
    }
    outcome = await explainFailure(context, attempt, preparation.outcome);
  } catch (error) {
    outcome = outcomeOfError(error);
  }
  attempt.end(outcome);
  return { kind: 'ended', outcome };
}

/**
 * The worker's part: the build, and the install check of each package that it gave. Ends the attempt; what others may build
 * with is among the result where all of it passed.
 */
export async function buildTask(
  context: CampaignContext,
  recorder: EventRecorder,
  { attempt, build }: PreparedTask,
  admission: Admission,
): Promise<Pick<AttemptResult, 'outcome' | 'packages'>> {
  attempt.resume(admission);
  let outcome: Outcome;
  let artifacts: AttemptResult['artifacts'] = [];
  let packages: AttemptResult['packages'] = [];
  try {
    const { reused } = build;
    const result =
      reused === undefined
        ? await runAttempt(context, attempt, build)
        : await reusedResult(context, attempt, reused);
    if (reused !== undefined) {
      recorder.emit({ type: 'task-reused', task: attempt.task, campaign: reused.campaign });
    }
    ({ outcome, artifacts, packages } = result);
    if (isPassed(outcome) && attempt.options.installChecks) {
      outcome = await checkPackages(context, recorder, attempt, result);
    }
  } catch (error) {
    outcome = outcomeOfError(error);
  }
  outcome = await explainFailure(context, attempt, blameMemory(attempt, outcome));
  attempt.end(outcome, artifacts);
  const usable = isPassed(outcome)
    ? packages.filter((one) => context.distribution.isInstallChecked(one))
    : [];
  return { outcome, packages: usable };
}

/** What went wrong only because this host gave the build too little memory is no fault of the build's. */
function blameMemory(attempt: Attempt, outcome: Outcome): Outcome {
  const short = (message: string): Outcome => ({ kind: 'host-fault', code: 'memory-short', message });
  if (outcome.kind === 'cancelled' && attempt.isStoppedForMemory) {
    return short('stopped when memory ran short, to be built alone');
  }
  const { limits, resources } = attempt.options;
  const { isSizeGiven, largestTmpfsBytes, place } = resources.uppers;
  if (place !== 'auto' || attempt.admission?.upper !== 'tmpfs') return outcome;
  const isFull = outcome.kind === 'disk-full' && !isSizeGiven;
  const isTooMuch =
    outcome.kind === 'out-of-memory' &&
    limits.memoryBytes === resources.memoryBytes &&
    attempt.usage.total(0).upperBytes > largestTmpfsBytes;
  return isFull || isTooMuch
    ? short('it wrote more than was expected, to be built alone and on disk')
    : outcome;
}

async function checkPackages(
  context: CampaignContext,
  recorder: EventRecorder,
  attempt: Attempt,
  result: AttemptResult,
): Promise<Outcome> {
  let outcome = result.outcome;
  const built = new Set(result.packages.map(({ name }) => name));
  const given = attempt.options.candidates.filter(({ name }) => !built.has(name));
  for (const file of result.packages.filter((one) => context.distribution.isInstallChecked(one))) {
    attempt.phase('install-check', file.name);
    const started = context.now();
    const candidates = [...result.packages.filter((other) => other !== file), ...given];
    const checked = await checkPackage(context, attempt, file, candidates);
    recorder.emit({
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
  check: Exclude<InstallCheckOutcome, { readonly kind: 'passed' }>,
): Outcome {
  const stage = 'install-check';
  switch (check.kind) {
    case 'failed':
      return { kind: 'failed', stage, reason: `${name}, ${check.step}: ${check.reason}` };
    case 'dependencies-unsatisfiable':
      return { kind: 'failed', stage, reason: `${name}: ${check.explanation}` };
    case 'timed-out':
    case 'cancelled':
    case 'host-fault':
      return check;
    default:
      return unreachable(check);
  }
}
