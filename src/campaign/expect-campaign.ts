// SPDX-License-Identifier: GPL-2.0-or-later
import type { PredictedUse } from '../events/events.ts';
import { longFrom } from '../schedule/long-from.ts';
import type { Capacity } from '../schedule/scheduled-task.ts';
import { simulateCampaign } from '../schedule/simulate-campaign.ts';

/** What a campaign is expected to take; as good as what is expected of its sources. */
export interface ExpectedCampaign {
  /** From the first build's begin to the last one's end. */
  readonly wallMs: number;
  /** Processor time of all builds. */
  readonly cpuMs: number;
  /** Memory of all builds that run at once, at most; their uppers in tmpfs included. */
  readonly memoryBytes: number;
  /** Builds at once, at most. */
  readonly workers: number;
  /** Sources that were built here before: of the others only their size and their like are known. */
  readonly known: number;
}

/** Lets the scheduler go through the tasks on a clock that jumps, each taking what is expected of it. */
export function expectCampaign(
  tasks: readonly { readonly expected: PredictedUse; readonly level: number }[],
  capacity: Omit<Capacity, 'longMs'>,
): ExpectedCampaign {
  const longMs = longFrom(
    tasks.map(({ expected }) => expected.wallMs),
    capacity.workers,
  );
  const simulated = tasks.map(({ expected, level }) => ({ ...expected, expected, level }));
  const run = simulateCampaign(simulated, { ...capacity, longMs });
  return {
    wallMs: Math.round(run.makespanMs),
    cpuMs: Math.round(tasks.reduce((sum, { expected }) => sum + expected.cpuMs, 0)),
    memoryBytes: Math.round(run.peakMemoryBytes),
    workers: run.peakWorkers,
    known: tasks.filter(({ expected }) => expected.basis === 'history').length,
  };
}
