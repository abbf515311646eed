// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignEvent, TaskId } from '../../src/events/events.ts';
import { applyEvent, emptyCampaign } from '../../src/events/fold.ts';
import type { Outcome } from '../../src/events/outcome.ts';
import type { CampaignRecord } from '../../src/report/campaign-record.ts';
import { campaignStarted, taskEvents } from './campaign-events.ts';

const startedAt = Date.UTC(2026, 2, 1, 12);
const weekMs = 7 * 24 * 3600 * 1000;

const changed = {
  name: 'libbee1',
  version: '2-1',
  architecture: 'amd64',
  fileName: 'libbee1_2-1_amd64.deb',
  bytes: 1000,
  sha256: 'e'.repeat(64),
};

const brokenHeader = (source: string): Outcome => ({
  kind: 'failed',
  stage: 'build',
  reason: 'make failed with status 2',
  failure: {
    class: 'compile-error',
    lines: [{ line: 40, text: `${source}.c:1: fatal error: <bee.h>: No such file & "more"` }],
    fingerprint: 'fatal error: bee.h: No such file',
  },
});

/** A campaign with one of each: for the texts that reports are. */
export function reportedCampaign(): CampaignRecord {
  const state = emptyCampaign();
  const outcomes: Readonly<Record<string, Outcome>> = {
    alpha: { kind: 'built' },
    beta: brokenHeader('beta'),
    gamma: brokenHeader('gamma'),
    delta: { kind: 'dependencies-unsatisfiable', explanation: 'the source needs wax\n  but there is none' },
    epsilon: { kind: 'timed-out', limitMs: 3_600_000 },
    zeta: { kind: 'host-fault', code: 'disk-full', message: 'no space\u0000 left' },
    eta: { kind: 'cancelled' },
  };
  const events: CampaignEvent[] = [
    {
      ...campaignStarted('20260301-120000-abcd'),
      change: { overlay: 'f'.repeat(64), packages: [changed] },
    } as CampaignEvent,
    ...Object.entries(outcomes).flatMap(([source, outcome], index) => taskEvents(index, source, outcome)),
    { type: 'task-judged', task: 1 as TaskId, verdict: 'regression' },
    { type: 'task-judged', task: 2 as TaskId, verdict: 'already-broken' },
    { type: 'task-added', task: 7 as TaskId, source: 'theta', version: '1-1' },
    { type: 'campaign-ended', cancelled: true },
  ];
  for (const [index, event] of events.entries()) {
    applyEvent(state, { ...event, seq: index + 1, at: startedAt + index * 1000 });
  }
  const failure = { outcome: 'failed', firstCampaign: 'x', lastCampaign: 'y', failures: 3 } as const;
  return {
    state,
    failing: [
      { source: 'gamma', version: '1-1', since: startedAt - 3 * weekMs, ...failure },
      { source: 'omega', version: '9', since: startedAt - weekMs, ...failure },
    ],
    isAfter: () => undefined,
    originOf: (task) => {
      const attempt = task.attempts.at(-1);
      return attempt === undefined ? undefined : { campaign: state.id, task, attempt };
    },
    maintainersOf: (source) =>
      source === 'gamma' ? ['Bee  Keeper <bee@example.org>', 'Wasp <w@example.org>'] : [],
  };
}

/** The same without a change of the user's: what counts in the history of the sources. */
export function plainCampaign(): CampaignRecord {
  const record = reportedCampaign();
  const { change: _, ...state } = record.state;
  return { ...record, state };
}
