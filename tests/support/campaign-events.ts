// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignEvent, TaskId } from '../../src/events/events.ts';
import type { Outcome } from '../../src/events/outcome.ts';

export const usage = {
  wallMs: 1200.5,
  buildMs: 800.25,
  buildCpuMs: 700,
  cpuMs: 900,
  peakMemoryBytes: 64_000_000,
  upperBytes: 12_000_000,
};

export function campaignStarted(campaign: string, snapshot = 'a'.repeat(64)): CampaignEvent {
  return { type: 'campaign-started', campaign, snapshot, suite: 'stable', architecture: 'amd64', workers: 2 };
}

/** All events of one task that is built, or not, at its first attempt. */
export function taskEvents(id: number, source: string, outcome: Outcome): CampaignEvent[] {
  const task = id as TaskId;
  const isBuilt = outcome.kind === 'built';
  const artifacts = isBuilt ? [{ file: `${source}_1_all.deb`, bytes: 1000, sha256: 'b'.repeat(64) }] : [];
  return [
    { type: 'task-added', task, source, version: '1-1' },
    { type: 'attempt-started', task, attempt: 1, log: `logs/${source}_1-1.log` },
    { type: 'phase-started', task, phase: 'fetch', detail: 'source' },
    { type: 'phase-started', task, phase: 'resolve' },
    { type: 'dependencies-resolved', task, decidedBy: 'paseka' },
    { type: 'attempt-ready', task },
    { type: 'worker-assigned', task, worker: 0, parallel: 2, alone: false },
    { type: 'phase-started', task, phase: 'build' },
    ...(isBuilt
      ? ([
          { type: 'phase-started', task, phase: 'install-check', detail: source },
          {
            type: 'install-check-ended',
            task,
            package: source,
            version: '1-1',
            outcome: { kind: 'passed' },
            warnings: ['a file that no package owns: /etc/x'],
            wallMs: 45,
            decidedBy: 'paseka',
          },
        ] satisfies CampaignEvent[])
      : []),
    { type: 'attempt-ended', task, attempt: 1, outcome, usage, artifacts },
    { type: 'task-ended', task, outcome },
  ];
}
