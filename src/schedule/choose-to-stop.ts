// SPDX-License-Identifier: GPL-2.0-or-later
import type { TaskId } from '../events/events.ts';

export interface StopCandidate {
  readonly id: TaskId;
  readonly startedAt: number;
  readonly memoryBytes: number;
}

/** What a build uses at least to count as large, as a part of what the largest uses. */
const largePart = 0.5;

/**
 * Which build to stop when memory has run short: of the large ones the youngest, as least is lost with it. Undefined
 * where only one runs: nobody else's memory is short, and a limit of its own will stop it if it must be stopped.
 */
export function chooseToStop(running: readonly StopCandidate[]): TaskId | undefined {
  if (running.length < 2) return undefined;
  const largest = Math.max(...running.map(({ memoryBytes }) => memoryBytes));
  let chosen: StopCandidate | undefined;
  for (const candidate of running) {
    if (candidate.memoryBytes < largest * largePart) continue;
    if (chosen === undefined || candidate.startedAt >= chosen.startedAt) chosen = candidate;
  }
  return chosen?.id;
}
