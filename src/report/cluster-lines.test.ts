// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import type { Outcome } from '../events/outcome.ts';
import { clusterLines } from './cluster-lines.ts';
import { makeStyle } from './style.ts';

function ended(
  outcomes: readonly (readonly [source: string, outcome: Outcome])[],
): ReturnType<typeof emptyCampaign> {
  const state = emptyCampaign();
  const events = outcomes.flatMap(([source, outcome], index): CampaignEvent[] => [
    { type: 'task-added', task: index as TaskId, source, version: '1-1' },
    { type: 'task-ended', task: index as TaskId, outcome },
  ]);
  for (const [index, event] of events.entries()) applyEvent(state, { ...event, seq: index + 1, at: index });
  return state;
}

function missing(header: string, line: number): Outcome {
  const text = `x.c:${line}:1: fatal error: ${header}: No such file or directory`;
  const failure = {
    class: 'missing-dependency',
    lines: [{ line, text }],
    fingerprint: `missing-header: ${header}`,
  } as const;
  return { kind: 'failed', stage: 'build', reason: 'make: *** [all] Error 2', failure };
}

test('what several sources failed for is told once, with some of their names', () => {
  const state = ended([
    ['alpha', missing('zlib.h', 3)],
    ['beta', missing('lzma.h', 9)],
    ['gamma', missing('zlib.h', 4)],
    ['delta', missing('zlib.h', 5)],
    ['epsilon', missing('zlib.h', 6)],
    ['zeta', { kind: 'built' }],
  ]);
  expect(clusterLines(state, makeStyle(false))).toEqual([
    'in common',
    '4 sources  alpha, gamma, delta and 1 more  missing-dependency  x.c:3:1: fatal error: zlib.h: No such file or directory',
  ]);
});

test('where nothing is shared, nothing is said', () => {
  const state = ended([
    ['alpha', missing('zlib.h', 3)],
    ['beta', missing('lzma.h', 9)],
  ]);
  expect(clusterLines(state, makeStyle(false))).toEqual([]);
});
