// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { TaskState } from '../events/campaign-state.ts';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import type { Outcome } from '../events/outcome.ts';
import { afterAttempt } from '../schedule/after-attempt.ts';
import { countedOutcomes } from './counted-outcomes.ts';

const task = 0 as TaskId;
const usage = { wallMs: 1, buildMs: 1, buildCpuMs: 1, cpuMs: 1, peakMemoryBytes: 1, upperBytes: 1 };
const failed: Outcome = { kind: 'failed', stage: 'build', reason: 'x' };
const fault: Outcome = { kind: 'host-fault', code: 'mirror-unreachable', message: 'x' };
const policy = { retries: 1, hostFaultRetries: 2, backoffMs: 0 };

type Step = Outcome | 'reopened' | 'resumed' | 'stopped';

/** A task after attempts with these ends; it ends with the last before it is opened again. */
function taskAfter(...steps: readonly Step[]): TaskState {
  const state = emptyCampaign();
  const emit = (event: CampaignEvent): void =>
    applyEvent(state, { ...event, seq: state.seq + 1, at: state.seq });
  emit({ type: 'task-added', task, source: 's', version: '1' });
  for (const step of steps) {
    const attempts = state.tasks.get(task)?.attempts ?? [];
    const last = attempts.at(-1)?.outcome ?? failed;
    if (step === 'resumed') emit({ type: 'campaign-resumed', workers: 1 });
    else if (step === 'reopened' || step === 'stopped') {
      // Ctrl-C while it waits to be tried again
      emit({ type: 'task-ended', task, outcome: step === 'stopped' ? { kind: 'cancelled' } : last });
      emit({ type: 'task-reopened', task });
    } else {
      const attempt = attempts.length + 1;
      emit({ type: 'attempt-started', task, attempt, log: 'x' });
      emit({ type: 'attempt-ended', task, attempt, outcome: step, usage, artifacts: [] });
    }
  }
  return state.tasks.get(task) as TaskState;
}

const next = (before: number, ...steps: readonly Step[]): string =>
  afterAttempt(countedOutcomes(taskAfter(...steps), before), policy, 0).kind;

test('after its end a task that is asked for anew has all its retries again', () => {
  expect(next(0, failed, failed)).toBe('over');
  expect(next(2, failed, failed, 'reopened', failed)).toBe('again');
  expect(next(2, failed, failed, 'reopened', failed, failed)).toBe('over');
  expect(next(3, fault, fault, fault, 'reopened', fault)).toBe('again');
  expect(next(3, fault, fault, fault, 'reopened', fault, failed)).toBe('again');
});

test('faults of the host that an earlier process met are forgotten, failures are not', () => {
  expect(next(2, fault, fault, 'resumed', fault)).toBe('again');
  expect(next(2, fault, fault, 'resumed', fault, fault, fault)).toBe('over');
  expect(next(2, fault, failed, 'resumed', failed)).toBe('over');
  expect(next(0, fault, fault, fault)).toBe('over');
});

test('a task that was cut off goes on: its failures still count', () => {
  expect(next(1, failed, 'stopped')).toBe('again');
  expect(next(1, failed, 'stopped', failed)).toBe('over');
  expect(next(1, failed, 'stopped', fault, failed)).toBe('over');
});
