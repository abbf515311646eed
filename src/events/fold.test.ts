// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CampaignEvent, RecordedEvent, TaskId } from './events.ts';
import { applyEvent, emptyCampaign } from './fold.ts';
import type { Outcome } from './outcome.ts';

const usage = { wallMs: 10, buildMs: 5, buildCpuMs: 6, cpuMs: 8, peakMemoryBytes: 1, upperBytes: 2 };
const outcomes: readonly Outcome[] = [
  { kind: 'built' },
  { kind: 'failed', stage: 'build', reason: 'x' },
  { kind: 'cancelled' },
  { kind: 'timed-out', limitMs: 1 },
];

/** The events of a task's life: some attempts, each prepared and perhaps run; then, perhaps, all of that again. */
const attempts = fc.array(fc.record({ runs: fc.boolean(), outcome: fc.constantFrom(...outcomes) }), {
  maxLength: 3,
});
const taskLife = fc.record({ first: attempts, again: fc.option(attempts, { nil: undefined }) });
type Attempts = readonly { runs: boolean; outcome: Outcome }[];

function lifeOf(
  task: TaskId,
  { first, again }: { first: Attempts; again: Attempts | undefined },
): CampaignEvent[] {
  const begun = eventsOf(task, first);
  if (again === undefined) return begun;
  const judged = { type: 'task-judged', task, verdict: 'flaky' } as const;
  return [...begun, judged, { type: 'task-reopened', task }, ...eventsOf(task, again).slice(1), judged];
}

function eventsOf(task: TaskId, life: Attempts): CampaignEvent[] {
  const events: CampaignEvent[] = [{ type: 'task-added', task, source: `s${task}`, version: '1' }];
  for (const [index, { runs, outcome }] of life.entries()) {
    events.push({ type: 'attempt-started', task, attempt: index + 1, log: 'log' });
    events.push({ type: 'phase-started', task, phase: 'resolve' });
    if (runs) {
      events.push({ type: 'attempt-ready', task }, { type: 'worker-assigned', task, worker: 0 });
      events.push({ type: 'phase-started', task, phase: 'build' });
    }
    events.push({ type: 'attempt-ended', task, attempt: index + 1, outcome, usage, artifacts: [] });
  }
  events.push({ type: 'task-ended', task, outcome: life.at(-1)?.outcome ?? { kind: 'cancelled' } });
  return events;
}

const record = (events: readonly CampaignEvent[]): RecordedEvent[] =>
  events.map((event, index) => ({ ...event, seq: index + 1, at: 1000 + index }));

const sum = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

test('totals agree with the tasks after every event, and every phase ends', () => {
  fc.assert(
    fc.property(fc.array(taskLife, { maxLength: 6 }), (lives) => {
      const events = record(lives.flatMap((life, index) => lifeOf(index as TaskId, life)));
      const state = emptyCampaign();
      for (const event of events) {
        applyEvent(state, event);
        const tasks = [...state.tasks.values()];
        expect(state.totals.tasks).toBe(tasks.length);
        expect(state.totals.ended).toBe(tasks.filter((task) => task.status === 'ended').length);
        expect(state.totals.running).toBe(tasks.filter((task) => task.status === 'running').length);
        expect(sum(state.totals.byOutcome)).toBe(state.totals.ended);
        const ended = tasks.filter((task) => task.status === 'ended');
        const endedMs = ended.map(({ attempts: tried }) => tried.at(-1)?.usage?.wallMs ?? 0);
        expect(state.totals.endedMs).toBe(endedMs.reduce((total, ms) => total + ms, 0));
        expect(sum(state.totals.byVerdict)).toBe(tasks.filter((task) => task.verdict !== undefined).length);
      }
      expect(state.totals.ended).toBe(lives.length);
      for (const task of state.tasks.values()) {
        expect(task.phases.every((phase) => phase.endedAt !== undefined)).toBe(true);
      }
    }),
  );
});

test('events that come twice change nothing, a gap is refused', () => {
  const events = record(eventsOf(0 as TaskId, [{ runs: true, outcome: { kind: 'built' } }]));
  const once = emptyCampaign();
  const twice = emptyCampaign();
  for (const event of events) applyEvent(once, event);
  for (const event of [...events, ...events]) applyEvent(twice, event);
  expect(twice).toEqual(once);
  const [first, , third] = events;
  const state = emptyCampaign();
  applyEvent(state, first as RecordedEvent);
  expect(() => applyEvent(state, third as RecordedEvent)).toThrow();
});

test('counts what was resolved and what apt was asked for, builds and install checks', () => {
  const task = 0 as TaskId;
  const check = { package: 'p', version: '1', outcome: { kind: 'passed' }, warnings: [], wallMs: 1 } as const;
  const state = emptyCampaign();
  const events: CampaignEvent[] = [
    { type: 'task-added', task, source: 's', version: '1' },
    { type: 'attempt-started', task, attempt: 1, log: 'log' },
    { type: 'dependencies-resolved', task, decidedBy: 'apt' },
    { type: 'install-check-ended', task, ...check, decidedBy: 'paseka' },
    { type: 'install-check-ended', task, ...check },
  ];
  for (const event of record(events)) applyEvent(state, event);
  expect(state.tasks.get(task)).toMatchObject({ decidedBy: 'apt' });
  expect(state.totals).toMatchObject({ resolved: 2, decidedByApt: 1 });
});

test('after a resumption what was under way is as if it had not been started', () => {
  const [ended, under] = [0 as TaskId, 1 as TaskId];
  const before = record([
    ...eventsOf(ended, [{ runs: true, outcome: { kind: 'built' } }]),
    { type: 'task-added', task: under, source: 's1', version: '1' },
    { type: 'attempt-started', task: under, attempt: 1, log: 'log' },
    { type: 'dependencies-resolved', task: under, decidedBy: 'apt' },
    { type: 'worker-assigned', task: under, worker: 0 },
    { type: 'phase-started', task: under, phase: 'build' },
    { type: 'campaign-resumed', workers: 2 },
  ]);
  const state = emptyCampaign();
  for (const event of before) applyEvent(state, event);
  expect(state).toMatchObject({ workers: 2, totals: { running: 0, ended: 1, resolved: 0, decidedByApt: 0 } });
  expect(state.tasks.get(ended)).toMatchObject({ status: 'ended', attempts: [{ attempt: 1 }] });
  expect(state.tasks.get(under)).toMatchObject({ status: 'waiting', attempts: [], phases: [] });
});

test('a result that was taken over is none of a task that is tried again', () => {
  const task = 0 as TaskId;
  const taken = record([
    { type: 'task-added', task, source: 's', version: '1' },
    { type: 'attempt-started', task, attempt: 1, log: 'log' },
    { type: 'task-reused', task, campaign: 'earlier' },
    {
      type: 'attempt-ended',
      task,
      attempt: 1,
      outcome: { kind: 'failed', stage: 'install-check', reason: 'x' },
      usage,
      artifacts: [],
    },
    { type: 'attempt-started', task, attempt: 2, log: 'log' },
  ]);
  const state = emptyCampaign();
  for (const event of taken.slice(0, -1)) applyEvent(state, event);
  expect(state.tasks.get(task)?.reusedFrom).toBe('earlier');
  for (const event of taken.slice(-1)) applyEvent(state, event);
  expect(state.tasks.get(task)?.reusedFrom).toBeUndefined();
});
