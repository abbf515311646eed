// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { liveLines } from './live-lines.ts';
import { plainLine } from './plain-lines.ts';
import { rebuildDocument } from './rebuild-json.ts';
import { makeStyle } from './style.ts';
import { summaryTable } from './summary-table.ts';
import { visibleWidth } from './table.ts';

const first = 0 as TaskId;
const second = 1 as TaskId;
const usage = {
  wallMs: 12_000,
  buildMs: 9000,
  buildCpuMs: 9000,
  cpuMs: 9500,
  peakMemoryBytes: 100 * 1024 ** 2,
  upperBytes: 4096,
};
const story: readonly CampaignEvent[] = [
  {
    type: 'campaign-started',
    campaign: '20260301-120000-abcd',
    snapshot: 'f'.repeat(64),
    suite: 'stable',
    architecture: 'amd64',
    workers: 2,
  },
  { type: 'task-added', task: first, source: 'alpha', version: '1.0-1' },
  { type: 'task-added', task: second, source: 'a-source-with-a-rather-long-name', version: '2:3.4-5' },
  { type: 'attempt-started', task: first, attempt: 1, log: 'logs/alpha.log' },
  { type: 'attempt-ready', task: first },
  { type: 'worker-assigned', task: first, worker: 1 },
  { type: 'phase-started', task: first, phase: 'build' },
  { type: 'attempt-started', task: second, attempt: 1, log: 'logs/second.log' },
  { type: 'phase-started', task: second, phase: 'fetch', detail: '12 packages' },
];
const ending: readonly CampaignEvent[] = [
  {
    type: 'install-check-ended',
    task: first,
    package: 'alpha',
    version: '1.0-1',
    outcome: { kind: 'passed' },
    warnings: ['owned by no package: /etc/alpha.conf'],
    wallMs: 90,
  },
  { type: 'attempt-ended', task: first, attempt: 1, outcome: { kind: 'built' }, usage, artifacts: [] },
  { type: 'task-ended', task: first, outcome: { kind: 'built' } },
  {
    type: 'task-ended',
    task: second,
    outcome: { kind: 'dependencies-unsatisfiable', explanation: 'Depends: nosuch but it is not installable' },
  },
  { type: 'campaign-ended', cancelled: false },
];

function tell(events: readonly CampaignEvent[]): ReturnType<typeof emptyCampaign> {
  const state = emptyCampaign();
  for (const [index, event] of events.entries())
    applyEvent(state, { ...event, seq: index + 1, at: index * 1000 });
  return state;
}

const plain = makeStyle(false);

test('a line for each worker, what is prepared, and the totals', () => {
  expect(liveLines(tell(story), 20_000, 80, plain)).toEqual([
    '[1] idle',
    '[2] alpha 1.0-1 build 17 s',
    '  + a-source-with-a-rather-long-name 2:3.4-5 fetch 12 packages 13 s',
    '0 of 2 done  0 built  20 s',
  ]);
});

test('no line is wider than the terminal, with colours or without', () => {
  for (const style of [plain, makeStyle(true)]) {
    for (const line of liveLines(tell(story), 20_000, 30, style)) {
      expect(visibleWidth(line)).toBeLessThanOrEqual(30);
    }
  }
});

test('the table has a row for each task, then reasons and totals', () => {
  expect(summaryTable(tell([...story, ...ending]), plain)).toBe(
    [
      'source                            version  outcome        install checks  time  build  memory   upper',
      'alpha                             1.0-1    built          1 of 1          12 s  9.0 s  100 MB  4.0 kB',
      'a-source-with-a-rather-long-name  2:3.4-5  unsatisfiable',
      '! alpha: owned by no package: /etc/alpha.conf',
      '✗ a-source-with-a-rather-long-name: Depends: nosuch but it is not installable',
      '',
      '1 built, 1 dependencies-unsatisfiable of 2 sources in 13 s; 1 of 1 install checks passed',
      '',
    ].join('\n'),
  );
});

test('the document keeps to the contract', () => {
  const document = JSON.parse(
    JSON.stringify(
      rebuildDocument(tell([...story, ...ending]), {
        directory: '/results',
        logPath: (log) => `/results/${log}`,
      }),
    ),
  ) as {
    campaign: Record<string, unknown>;
    tasks: Record<string, unknown>[];
  };
  expect(Object.keys(document.campaign)).toEqual(
    expect.arrayContaining(['id', 'snapshot', 'suite', 'architecture', 'startedAt', 'wallMs']),
  );
  expect(document.tasks[0]).toMatchObject({
    source: 'alpha',
    version: '1.0-1',
    outcome: 'built',
    attempts: 1,
    wallMs: 12_000,
    buildMs: 9000,
    overheadMs: 3000,
    peakMemoryBytes: 100 * 1024 ** 2,
    upperBytes: 4096,
    log: '/results/logs/alpha.log',
    installChecks: [{ package: 'alpha', version: '1.0-1', outcome: 'passed', wallMs: 90 }],
  });
  expect(document.tasks[1]).toMatchObject({ outcome: 'dependencies-unsatisfiable' });
});

test('without a terminal each end is a line, and nothing under --quiet', () => {
  const state = tell([...story, ...ending]);
  const event = { ...(ending[2] as CampaignEvent), seq: 12, at: 0 };
  expect(plainLine(event, state, 'normal')).toBe('alpha: built in 12 s (2 of 2)');
  expect(plainLine(event, state, 'quiet')).toBeUndefined();
});
