// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import type { TaskId } from '../../events/events.ts';
import { emptyCampaign } from '../../events/fold.ts';
import type { Outcome } from '../../events/outcome.ts';
import { type Judgement, judgeCampaign, judgeTask, needsBaseline } from './judge.ts';

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
function tried(...outcomes: readonly Outcome[]): TaskState {
  const last = outcomes.at(-1);
  return {
    task: 0 as TaskId,
    source: 's',
    version: '1',
    status: 'ended',
    attempts: outcomes.map((outcome, index) => ({ attempt: index + 1, log: '', startedAt: 0, outcome })),
    phases: [],
    installChecks: [],
    checked: 0,
    checkedPassed: 0,
    artifacts: [],
    ...(last === undefined ? {} : { outcome: last }),
  };
}

test.each<[Judgement, TaskState, TaskState | undefined]>([
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
/** Tasks numbered in their order; the sources of two campaigns overlap by chance. */
const anyCampaign = fc.array(fc.tuple(fc.nat(8), anyTask), { maxLength: 8 }).map((tasks): CampaignState => {
  const state = emptyCampaign();
  for (const [index, [source, task]] of tasks.entries()) {
    state.tasks.set(index as TaskId, { ...task, task: index as TaskId, source: `s${source}` });
  }
  return state;
});

test('every task gets exactly one verdict, and a host’s fault is never a regression', () => {
  fc.assert(
    fc.property(anyCampaign, fc.array(anyCampaign, { maxLength: 3 }), (candidate, baselines) => {
      const judged = judgeCampaign(candidate, baselines);
      expect([...judged.keys()]).toEqual([...candidate.tasks.keys()]);
      for (const [id, verdict] of judged) {
        const task = candidate.tasks.get(id) as TaskState;
        const counterparts = baselines.flatMap((one) =>
          [...one.tasks.values()].filter((other) => other.source === task.source),
        );
        if (verdict === 'regression' || verdict === 'newly-unsatisfiable') {
          expect(task.outcome?.kind).toMatch(/^(failed|dependencies-unsatisfiable)$/);
          expect(counterparts.some((other) => other.outcome?.kind === 'built')).toBe(true);
        }
        if (verdict === 'fixed') expect(task.outcome?.kind).toBe('built');
        if (counterparts.length === 0) expect(verdict).not.toBe('already-broken');
        // what needs no baseline is judged without one as with it, but for what turns out to have been broken
        if (!needsBaseline(task) && task.outcome?.kind !== 'built') {
          expect(verdict).toBe(judgeTask(task, undefined));
        }
      }
    }),
  );
});

test('more is never said of a task for knowing less', () => {
  fc.assert(
    fc.property(anyTask, anyTask, (candidate, baseline) => {
      const without = judgeTask(candidate, undefined);
      if (['unchanged', 'not-compared'].includes(without)) return;
      expect(judgeTask(candidate, baseline)).toBe(without);
    }),
  );
});
