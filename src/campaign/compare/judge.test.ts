// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../events/outcome.ts';
import { type Judgement, judgeTask, needsBaseline, type Tried } from './judge.ts';

const built: Outcome = { kind: 'built' };
const failed = (reason: string, fingerprint?: string): Outcome => ({
  kind: 'failed',
  stage: 'build',
  reason,
  ...(fingerprint === undefined ? {} : { failure: { class: 'unknown' as const, lines: [], fingerprint } }),
});
const failedCheck: Outcome = { kind: 'failed', stage: 'install-check', reason: 'a' };
const unsatisfiable: Outcome = { kind: 'dependencies-unsatisfiable', explanation: 'x' };
const hostFault: Outcome = { kind: 'host-fault', code: 'disk-full', message: 'x' };
const cancelled: Outcome = { kind: 'cancelled' };
const gone: Outcome = { kind: 'file-missing', url: 'http://mirror.example.org/x' };

/** A task that had these attempts; the last one is its outcome. */
function tried(...outcomes: readonly Outcome[]): Tried {
  const last = outcomes.at(-1);
  return {
    attempts: outcomes.map((outcome) => ({ outcome })),
    ...(last === undefined ? {} : { outcome: last }),
  };
}

test.each<[Judgement, Tried, Tried | undefined]>([
  ['unchanged', tried(built), undefined],
  ['unchanged', tried(built), tried(built)],
  ['unchanged', tried(built), tried(failed('a'), built)],
  ['unchanged', tried(hostFault, built), tried(built)],
  ['regression', tried(failed('a')), tried(built)],
  ['regression', tried(failed('a'), failed('a')), tried(failed('b'), built)],
  ['regression', tried({ kind: 'out-of-memory', limitBytes: 1 }), tried(built)],
  ['newly-unsatisfiable', tried(unsatisfiable), tried(built)],
  ['already-broken', tried(failed('a')), tried(failed('a'))],
  ['already-broken', tried(unsatisfiable), tried(failed('b'))],
  ['regression', tried(failed('a')), tried(failedCheck)],
  ['newly-unsatisfiable', tried(unsatisfiable), tried(failedCheck)],
  ['already-broken', tried(failedCheck), tried(failedCheck)],
  ['already-broken', tried(failedCheck), tried(failed('a'))],
  ['fixed', tried(built), tried(failed('a'))],
  ['fixed', tried(built), tried(unsatisfiable)],
  ['flaky', tried(failed('a'), built), undefined],
  ['flaky', tried(failed('a'), built), tried(built)],
  ['flaky', tried(failed('a')), tried(failed('a'), built)],
  ['flaky', tried(failed('at 0x12', 'p')), tried(failed('at 0x13', 'p'), built)],
  ['regression', tried(failed('a', 'p')), tried(failed('a', 'q'), built)],
  ['host-fault', tried(hostFault), tried(built)],
  ['host-fault', tried(failed('a'), hostFault), tried(built)],
  ['host-fault', tried(failed('a')), tried(hostFault)],
  ['host-fault', tried(gone), tried(gone)],
  ['host-fault', tried(built), tried(hostFault)],
  ['not-compared', tried(failed('a')), undefined],
  ['not-compared', tried(failed('a')), tried(cancelled)],
  ['not-compared', tried(failed('a')), tried()],
  ['not-compared', tried(cancelled), tried(built)],
])('%s', (expected, candidate, baseline) => {
  expect(judgeTask(candidate, baseline)).toBe(expected);
});

const anyOutcome = fc.constantFrom(
  built,
  failed('a'),
  failed('b'),
  unsatisfiable,
  hostFault,
  cancelled,
  gone,
);
const anyTask = fc.array(anyOutcome, { maxLength: 3 }).map((outcomes) => tried(...outcomes));
test('more is never said of a task for knowing less', () => {
  fc.assert(
    fc.property(anyTask, anyTask, (candidate, baseline) => {
      const without = judgeTask(candidate, undefined);
      if (['unchanged', 'not-compared'].includes(without)) return;
      expect(judgeTask(candidate, baseline)).toBe(without);
    }),
  );
});

test('what needs no baseline is judged without one as with it, but for what turns out to have been broken', () => {
  fc.assert(
    fc.property(anyTask, anyTask, (candidate, baseline) => {
      if (needsBaseline(candidate) || candidate.outcome?.kind === 'built') return;
      expect(judgeTask(candidate, baseline)).toBe(judgeTask(candidate, undefined));
    }),
  );
});
