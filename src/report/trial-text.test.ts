// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignState } from '../events/campaign-state.ts';
import type { CampaignEvent, TaskId, Verdict } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import type { Outcome } from '../events/outcome.ts';
import { makeStyle } from './style.ts';
import { isUntold, trialText } from './trial-text.ts';

const plain = makeStyle(false);
const built: Outcome = { kind: 'built' };
const failed: Outcome = {
  kind: 'failed',
  stage: 'build',
  reason: 'make: *** [all] Error 1',
  failure: {
    class: 'compile-error',
    lines: [{ line: 7, text: 'bee.c:3: error: no honey' }],
    fingerprint: 'no honey',
  },
};

function trial(...tasks: readonly (readonly [string, Outcome, Verdict?])[]): CampaignState {
  const state = emptyCampaign();
  const events = tasks.flatMap(([source, outcome, verdict], index): CampaignEvent[] => {
    const task = index as TaskId;
    return [
      { type: 'task-added', task, source, version: '1' },
      { type: 'task-ended', task, outcome },
      ...(verdict === undefined ? [] : [{ type: 'task-judged', task, verdict } as const]),
    ];
  });
  for (const [index, event] of events.entries()) applyEvent(state, { ...event, seq: index + 1, at: index });
  return state;
}

test('regressions first, with the line that decides', () => {
  const state = trial(
    ['fine', built, 'unchanged'],
    ['old', failed, 'already-broken'],
    [
      'lost',
      { kind: 'dependencies-unsatisfiable', explanation: 'needs wax\n  which is gone' },
      'newly-unsatisfiable',
    ],
    ['worse', failed, 'regression'],
  );
  expect(trialText(state, undefined, plain)).toBe(`regression: worse 1: bee.c:3: error: no honey
newly unsatisfiable: lost 1: needs wax; which is gone
already broken without the change: old
the change breaks 2 of 4 sources
`);
});

test('what was not compared is said, and what that means', () => {
  const state = trial(['fine', built, 'unchanged'], ['open', failed], ['stopped', { kind: 'cancelled' }]);
  const text = trialText(state, { id: 'c-1', cancelled: true }, plain);
  expect(text).toContain(
    'not compared: open\n  they failed with the change, and may have been broken before',
  );
  expect(text).toContain(`the baseline was cancelled; \`paseka campaign resume ${state.id}\` goes on`);
  expect(text).toContain('no regression among what was compared (1 of 3)');
});

test('nothing is said of a campaign without a trial', () => {
  expect(trialText(trial(['fine', built]), undefined, plain)).toBe('');
});

test('what a fault of the host kept from being told is not among what was compared', () => {
  const fault: Outcome = { kind: 'host-fault', code: 'mirror-unreachable', message: 'no answer' };
  const state = trial(['fine', built, 'unchanged'], ['open', fault, 'host-fault']);
  expect(trialText(state, undefined, plain)).toContain('no regression among what was compared (1 of 2)');
  expect([...state.tasks.values()].map(isUntold)).toEqual([false, true]);
});
