// SPDX-License-Identifier: GPL-2.0-or-later
import type { Verdict } from '../../events/events.ts';
import { isPassed, type Outcome } from '../../events/outcome.ts';

/** `not-compared`: what happens without the change was not tried, or was cancelled. */
export type Judgement = Verdict | 'not-compared';

/** What a verdict looks at of a task. */
export interface Tried {
  readonly outcome?: Outcome;
  readonly attempts: readonly { readonly outcome?: Outcome }[];
}

/**
 * One verdict for a task: `candidate` with the change, `baseline` without it where that was tried. What was built with the
 * change and not tried without counts as unchanged: it did not get worse. A host's fault on either side says nothing of
 * the change. Where the candidate failed as the baseline did once before it was built, the package is flaky; where it
 * failed in another way, the change is to blame; so it is where the baseline failed nothing but an install check, and the
 * candidate gives no package that could be checked.
 */
export function judgeTask(candidate: Tried, baseline: Tried | undefined): Judgement {
  const { outcome } = candidate;
  if (outcome === undefined || outcome.kind === 'cancelled') return 'not-compared';
  if (isHostsOrMirrors(outcome)) return 'host-fault';
  const before = baseline?.outcome;
  if (isPassed(outcome)) {
    if (failures(candidate).length > 0) return 'flaky';
    if (before === undefined || before.kind === 'cancelled' || isPassed(before)) return 'unchanged';
    return isHostsOrMirrors(before) ? 'host-fault' : 'fixed';
  }
  if (baseline === undefined || before === undefined || before.kind === 'cancelled') return 'not-compared';
  if (isHostsOrMirrors(before)) return 'host-fault';
  if (!isPassed(before) && !isEarlier(outcome, before)) return 'already-broken';
  if (failures(baseline).some((failure) => isSameFailure(failure, outcome))) return 'flaky';
  return outcome.kind === 'dependencies-unsatisfiable' ? 'newly-unsatisfiable' : 'regression';
}

/** Whether a task without the change can decide anything. */
export function saysSomething({ outcome }: Pick<Tried, 'outcome'>): boolean {
  return outcome !== undefined && outcome.kind !== 'cancelled' && !isHostsOrMirrors(outcome);
}

/** Whether what happens without the change decides the verdict. */
export function needsBaseline({ outcome }: Pick<Tried, 'outcome'>): boolean {
  return outcome !== undefined && saysSomething({ outcome }) && !isPassed(outcome);
}

/** Nothing of the package's: it could not be tried. */
function isHostsOrMirrors({ kind }: Outcome): boolean {
  return kind === 'host-fault' || kind === 'file-missing';
}

/** Whether the one ended before there was anything to check, where the other failed its install check. */
function isEarlier(candidate: Outcome, baseline: Outcome): boolean {
  if (baseline.kind !== 'failed' || baseline.stage !== 'install-check') return false;
  if (candidate.kind === 'failed') return candidate.stage !== 'install-check';
  return candidate.kind === 'dependencies-unsatisfiable';
}

/** How attempts failed by themselves. */
function failures({ attempts }: Tried): Outcome[] {
  return attempts.flatMap(({ outcome }) =>
    outcome !== undefined && saysSomething({ outcome }) && !isPassed(outcome) ? [outcome] : [],
  );
}

function isSameFailure(one: Outcome, other: Outcome): boolean {
  if (one.kind !== 'failed' || other.kind !== 'failed') return one.kind === other.kind;
  if (one.stage !== other.stage) return false;
  const prints = [one.failure?.fingerprint, other.failure?.fingerprint];
  return prints.includes(undefined) ? one.reason === other.reason : prints[0] === prints[1];
}
