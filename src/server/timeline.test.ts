// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { timelineOf } from './timeline.ts';

test('an attempt is on its worker’s line from when the worker took it, not while it waited', () => {
  const usage = { wallMs: 1, buildMs: 1, buildCpuMs: 1, cpuMs: 1, peakMemoryBytes: 1, upperBytes: 1 };
  const [first, second] = [0 as TaskId, 1 as TaskId];
  const outcome = { kind: 'built' } as const;
  const prepared = (task: TaskId): CampaignEvent[] => [
    { type: 'task-added', task, source: `s${task}`, version: '1' },
    { type: 'attempt-started', task, attempt: 1, log: 'log' },
    { type: 'phase-started', task, phase: 'install-dependencies' },
    { type: 'attempt-ready', task },
  ];
  const run = (task: TaskId): CampaignEvent[] => [
    { type: 'worker-assigned', task, worker: 0 },
    { type: 'phase-started', task, phase: 'build' },
    { type: 'attempt-ended', task, attempt: 1, outcome, usage, artifacts: [] },
    { type: 'task-ended', task, outcome },
  ];
  const state = emptyCampaign();
  const events = [...prepared(first), ...prepared(second), ...run(first), ...run(second)];
  for (const [at, event] of events.entries()) applyEvent(state, { ...event, seq: at + 1, at });
  const { phaseNames, started, ended, phases } = timelineOf(state);
  expect({ started, ended }).toEqual({ started: [8, 12], ended: [10, 14] });
  expect(phases.map(([name, from]) => [phaseNames[name ?? 0], from])).toEqual([
    ['build', 9],
    ['build', 13],
  ]);
});
