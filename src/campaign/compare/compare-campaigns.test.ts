// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignState } from '../../events/campaign-state.ts';
import type { CampaignEvent, TaskId } from '../../events/events.ts';
import { applyEvent, emptyCampaign } from '../../events/fold.ts';
import type { Outcome } from '../../events/outcome.ts';
import { compareCampaigns } from './compare-campaigns.ts';

const built: Outcome = { kind: 'built' };
const failed: Outcome = { kind: 'failed', stage: 'build', reason: 'x' };

function campaign(
  tasks: readonly (readonly [source: string, version: string, outcome: Outcome])[],
  more: Partial<Extract<CampaignEvent, { type: 'campaign-started' }>> = {},
  cancelled = false,
): CampaignState {
  const state = emptyCampaign();
  const started = {
    campaign: 'c',
    snapshot: 'a'.repeat(64),
    suite: 'sid',
    architecture: 'amd64',
    workers: 1,
  };
  const events: CampaignEvent[] = [
    { type: 'campaign-started', ...started, ...more },
    ...tasks.flatMap(([source, version, outcome], index): CampaignEvent[] => [
      { type: 'task-added', task: index as TaskId, source, version },
      { type: 'task-ended', task: index as TaskId, outcome },
    ]),
    { type: 'campaign-ended', cancelled },
  ];
  for (const [index, event] of events.entries()) applyEvent(state, { ...event, seq: index + 1, at: index });
  return state;
}

const verdicts = (before: CampaignState, after: CampaignState): string[] =>
  compareCampaigns(before, after).sources.map(({ source, verdict }) => `${source} ${verdict}`);

test('every source once, what got worse first, whatever the versions', () => {
  const before = campaign([
    ['fine', '1', built],
    ['worse', '1', built],
    ['better', '1', failed],
    ['gone', '1', built],
  ]);
  const after = campaign([
    ['new', '1', built],
    ['better', '2', built],
    ['worse', '2', failed],
    ['fine', '2', built],
  ]);
  expect(verdicts(before, after)).toEqual([
    'worse regression',
    'better fixed',
    'gone only-before',
    'new only-after',
    'fine unchanged',
  ]);
});

test('a source that was built in two versions is compared version by version', () => {
  const before = campaign([
    ['hive', '1', built],
    ['hive', '2', failed],
  ]);
  const after = campaign([
    ['hive', '2', built],
    ['hive', '1', failed],
  ]);
  expect(verdicts(before, after).sort()).toEqual(['hive fixed', 'hive regression']);
});

test('architectures must be the same; other snapshots and what is unfinished are noted', () => {
  const one = campaign([]);
  expect(() => compareCampaigns(one, campaign([], { architecture: 'arm64' }))).toThrow(/can't be compared/);
  const other = campaign([], { campaign: 'd', snapshot: 'b'.repeat(64), suite: 'trixie' }, true);
  expect(compareCampaigns(one, other).notes).toEqual([
    'different suites: sid and trixie',
    expect.stringMatching(/^different snapshots: a{12} and b{12}/),
    'd was cancelled: what it did not build is not compared',
  ]);
  expect(compareCampaigns(one, campaign([])).notes).toEqual([]);
});
