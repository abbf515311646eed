// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { ErrorCode } from '../base/paseka-error.ts';
import type { Outcome } from '../events/outcome.ts';
import { afterAttempt, isFlaky } from './after-attempt.ts';

const failed: Outcome = { kind: 'failed', stage: 'build', reason: 'x' };
const built: Outcome = { kind: 'built' };
const fault = (code: ErrorCode): Outcome => ({ kind: 'host-fault', code, message: 'x' });
const policy = { retries: 1, hostFaultRetries: 3, backoffMs: 10 };
const over = { kind: 'over' };

test('a failure is tried again alone, as often as was asked for', () => {
  expect(afterAttempt([failed], policy, 5)).toEqual({ kind: 'again', alone: true, notBefore: 0 });
  expect(afterAttempt([failed, failed], policy, 5)).toEqual(over);
  expect(afterAttempt([failed], { ...policy, retries: 0 }, 5)).toEqual(over);
  expect(afterAttempt([{ kind: 'out-of-memory', limitBytes: 1 }], policy, 5)).toMatchObject({ alone: true });
});

test('nothing changes what the repository says, or that the user stopped it', () => {
  for (const outcome of [
    built,
    { kind: 'cancelled' },
    { kind: 'dependencies-unsatisfiable', explanation: 'x' },
    { kind: 'file-missing', url: 'x' },
  ] as const) {
    expect(afterAttempt([outcome], { ...policy, retries: 9 }, 5)).toEqual(over);
  }
});

test('a fault of the host waits longer each time, and is no failure', () => {
  const noRetries = { ...policy, retries: 0 };
  const mirror = fault('mirror-unreachable');
  expect(afterAttempt([mirror], noRetries, 100)).toEqual({ kind: 'again', alone: false, notBefore: 110 });
  expect(afterAttempt([mirror, mirror], noRetries, 100)).toMatchObject({ notBefore: 150 });
  expect(afterAttempt([mirror, mirror, mirror], noRetries, 100)).toMatchObject({ notBefore: 350 });
  expect(afterAttempt([mirror, mirror, mirror, mirror], noRetries, 100)).toEqual(over);
  expect(afterAttempt([mirror, failed], policy, 100)).toMatchObject({ kind: 'again' });
  expect(afterAttempt([failed, mirror, failed], policy, 100)).toEqual(over);
  expect(afterAttempt([failed, mirror], policy, 100)).toMatchObject({ alone: true, notBefore: 110 });
  const patient = { ...policy, hostFaultRetries: 9, backoffMs: 3_600_000 };
  const many = [1, 2, 3, 4, 5].map(() => mirror);
  expect(afterAttempt(many, patient, 100)).toMatchObject({ notBefore: 3_600_100 });
});

test('what was stopped for want of memory is done again alone and at once; what no waiting mends, not at all', () => {
  expect(afterAttempt([fault('memory-short')], policy, 5)).toEqual({
    kind: 'again',
    alone: true,
    notBefore: 0,
  });
  expect(afterAttempt([fault('file-corrupt')], policy, 5)).toEqual(over);
  const noFaults = { ...policy, hostFaultRetries: 0 };
  expect(afterAttempt([fault('mirror-unreachable')], noFaults, 5)).toEqual(over);
  expect(afterAttempt([fault('memory-short')], noFaults, 5)).toMatchObject({ kind: 'again', alone: true });
  const stops = [1, 2, 3, 4].map(() => fault('memory-short'));
  expect(afterAttempt(stops.slice(1), policy, 5)).toMatchObject({ kind: 'again', alone: true });
  expect(afterAttempt(stops, policy, 5)).toEqual(over);
});

test('what met a full disk is tried once more, with nothing beside it that it could take along', () => {
  const full = fault('disk-full');
  expect(afterAttempt([full], policy, 100)).toEqual({ kind: 'again', alone: true, notBefore: 110 });
  expect(afterAttempt([full, full], policy, 100)).toEqual(over);
  expect(afterAttempt([fault('memory-short'), full], policy, 100)).toMatchObject({ alone: true });
});

test('flaky is what failed and then was built', () => {
  expect(isFlaky([failed, built])).toBe(true);
  expect(isFlaky([built])).toBe(false);
  expect(isFlaky([fault('mirror-unreachable'), built])).toBe(false);
  expect(isFlaky([failed, failed])).toBe(false);
});
