// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignEvents } from '../../tests/support/random-events.ts';
import { isAllPassed, outcomeShares, tasksPerHour } from './campaign-figures.ts';
import type { CampaignState } from './campaign-state.ts';
import type { CampaignEvent, RecordedEvent, TaskId } from './events.ts';
import { clusterOf, failureClusters } from './failure-clusters.ts';
import { applyEvent, emptyCampaign } from './fold.ts';
import type { Outcome } from './outcome.ts';

function stateOf(events: readonly RecordedEvent[]): CampaignState {
  const state = emptyCampaign();
  for (const event of events) applyEvent(state, event);
  return state;
}

test('every task is in exactly one piece of the bar, and every failure in exactly one cluster', () => {
  fc.assert(
    fc.property(campaignEvents, (events) => {
      const state = stateOf(events);
      const shares = Object.values(outcomeShares(state.totals));
      expect(shares.reduce((sum, count) => sum + count, 0)).toBe(state.totals.tasks);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      const clustered = failureClusters(state).flatMap((cluster) => cluster.tasks);
      const failed = [...state.tasks.values()].filter(
        ({ outcome }) => outcome !== undefined && clusterOf(outcome) !== undefined,
      );
      expect(clustered.toSorted()).toEqual(failed.map(({ task }) => task).toSorted());
    }),
  );
});

test('what is not for the architecture counts neither way, and alone it is nothing that passed', () => {
  const passed = (...kinds: Outcome['kind'][]): boolean =>
    isAllPassed({
      tasks: kinds.length,
      built: kinds.filter((kind) => kind === 'built').length,
      byOutcome: new Map(kinds.map((kind) => [kind, kinds.filter((other) => other === kind).length])),
    });
  expect(passed('built', 'built')).toBe(true);
  expect(passed('built', 'not-for-architecture')).toBe(true);
  expect(passed('not-for-architecture')).toBe(false);
  expect(passed('built', 'not-for-architecture', 'failed')).toBe(false);
  expect(passed('built', 'cancelled')).toBe(false);
});

test('failures with one fingerprint are one cluster, the biggest first', () => {
  const failed = (stage: 'build' | 'unpack', fingerprint: string): Outcome => ({
    kind: 'failed',
    stage,
    reason: 'r',
    failure: { class: 'compile-error', lines: [{ line: 3, text: `foo.c:${fingerprint}` }], fingerprint },
  });
  const outcomes: Outcome[] = [
    { kind: 'failed', stage: 'build', reason: 'exit status 2' },
    failed('build', 'a'),
    { kind: 'built' },
    failed('build', 'a'),
    failed('unpack', 'a'),
    { kind: 'failed', stage: 'build', reason: 'exit status 1\nmore' },
    { kind: 'out-of-memory', limitBytes: 1 },
    failed('build', 'a'),
  ];
  const events = outcomes.flatMap((outcome, index): CampaignEvent[] => [
    { type: 'task-added', task: index as TaskId, source: `s${index}`, version: '1' },
    { type: 'task-ended', task: index as TaskId, outcome },
  ]);
  const state = stateOf(events.map((event, index) => ({ ...event, seq: index + 1, at: index })));
  expect(failureClusters(state).map(({ line, tasks }) => [line, tasks])).toEqual([
    ['foo.c:a', [1, 3, 7]],
    ['exit status 2', [0, 5]],
    ['', [6]],
    ['foo.c:a', [4]],
  ]);
});

test('the rate is that of the last ten minutes', () => {
  const usage = { wallMs: 1, buildMs: 1, buildCpuMs: 1, cpuMs: 1, peakMemoryBytes: 1, upperBytes: 1 };
  const outcome = { kind: 'built' } as const;
  const minute = 60_000;
  const state = emptyCampaign();
  for (const [index, at] of [5, 50, 58].entries()) {
    const task = index as TaskId;
    const events: CampaignEvent[] = [
      { type: 'task-added', task, source: 's', version: '1' },
      { type: 'attempt-started', task, attempt: 1, log: '' },
      { type: 'attempt-ended', task, attempt: 1, outcome, usage, artifacts: [] },
      { type: 'task-ended', task, outcome },
    ];
    for (const event of events) applyEvent(state, { ...event, seq: state.seq + 1, at: at * minute });
  }
  expect(tasksPerHour(state, 60 * minute)).toBe(12);
  expect(tasksPerHour(state, 3 * 60 * minute)).toBe(0);
});
