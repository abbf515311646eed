// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { campaignStarted, taskEvents } from '../../tests/support/campaign-events.ts';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import type { Outcome } from '../events/outcome.ts';
import { plainLine, type Verbosity } from './plain-lines.ts';

function linesOf(events: readonly CampaignEvent[], verbosity: Verbosity): string[] {
  const state = emptyCampaign();
  return events.flatMap((event, index) => {
    const recorded = { ...event, seq: index + 1, at: index };
    applyEvent(state, recorded);
    return plainLine(recorded, state, verbosity) ?? [];
  });
}

const outcomes: Readonly<Record<string, Outcome>> = {
  alpha: { kind: 'built' },
  beta: { kind: 'dependencies-unsatisfiable', explanation: 'it needs wax\nbut there is none' },
  gamma: { kind: 'cancelled' },
  delta: { kind: 'not-for-architecture', explanation: 'it is for s390x only' },
  epsilon: { kind: 'timed-out', limitMs: 60_000 },
};
const events: readonly CampaignEvent[] = [
  campaignStarted('20260301-120000-abcd'),
  { type: 'note', level: 'info', message: 'all is well' },
  { type: 'note', level: 'warning', message: 'the clock jumped' },
  ...Object.entries(outcomes).flatMap(([source, outcome], index) => taskEvents(index, source, outcome)),
  { type: 'task-added', task: 9 as TaskId, source: 'eta', version: '1' },
];

test('who wants quiet reads a line of each thing that went wrong, and nothing else', () => {
  expect(linesOf(events, 'quiet')).toEqual([
    'warning: the clock jumped',
    'beta: unsatisfiable in 1.2 s: it needs wax',
    'epsilon: timed out in 1.2 s: after 1:00 (5 of 5)',
  ]);
});

test('others read of everything that ends, and the whole reason', () => {
  const lines = linesOf(events, 'normal');
  expect(lines).toContain('all is well');
  expect(lines.filter((line) => /\(\d of \d\)$/.test(line))).toHaveLength(5);
  expect(lines).toContainEqual(expect.stringContaining('it needs wax\n    but there is none'));
});
