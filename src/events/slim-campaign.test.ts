// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignEvents } from '../../tests/support/random-events.ts';
import { applyEvent, emptyCampaign } from './fold.ts';
import { fattenCampaign, slimCampaign } from './slim-campaign.ts';

test('a reader that begins in the middle sees what one sees that began at the start', () => {
  fc.assert(
    fc.property(campaignEvents, fc.double({ min: 0, max: 1, noNaN: true }), (events, share) => {
      const cut = Math.floor(events.length * share);
      const whole = emptyCampaign();
      for (const event of events.slice(0, cut)) applyEvent(whole, event);
      const asSent = JSON.parse(JSON.stringify(slimCampaign(whole))) as ReturnType<typeof slimCampaign>;
      const late = fattenCampaign(asSent);
      expect(slimCampaign(late)).toEqual(slimCampaign(whole));
      for (const event of events.slice(cut)) {
        applyEvent(whole, event);
        applyEvent(late, event);
        expect(JSON.stringify(slimCampaign(late))).toBe(JSON.stringify(slimCampaign(whole)));
      }
    }),
  );
});

test('what is said at length becomes a line', () => {
  const state = emptyCampaign();
  const task = 0 as never;
  const reason = `${'x'.repeat(300)}\nmore`;
  const lines = [1, 2].map((line) => ({ line, text: `error ${line}` }));
  const failure = { class: 'compile-error', lines, fingerprint: 'error N' } as const;
  const outcome = { kind: 'failed', stage: 'build', reason, failure } as const;
  applyEvent(state, { seq: 1, at: 1, type: 'task-added', task, source: 's', version: '1' });
  applyEvent(state, { seq: 2, at: 2, type: 'task-ended', task, outcome });
  const [slim] = slimCampaign(state).outcomes;
  expect(slim).toMatchObject({ reason: `${'x'.repeat(200)}…`, failure: { lines: [{ line: 1 }] } });
});
