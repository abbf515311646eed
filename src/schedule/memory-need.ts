// SPDX-License-Identifier: GPL-2.0-or-later
import type { PredictedUse } from '../events/events.ts';
import type { UpperPolicy } from './scheduled-task.ts';

/** No build does with less. */
const leastBytes = 16 * 1024 ** 2;

/** Where a task's upper goes by what it is expected to write. */
export function choosePlace(expected: PredictedUse, policy: UpperPolicy): 'tmpfs' | 'disk' {
  if (policy.place !== 'auto') return policy.place;
  return expected.upperBytes <= policy.largestTmpfsBytes ? 'tmpfs' : 'disk';
}

/**
 * What a task is expected to take of the memory. What was seen to be used before includes the upper where that was in tmpfs,
 * which nobody can tell afterwards: so nothing is taken off where the upper goes to disk.
 */
export function memoryNeed(expected: PredictedUse, upper: 'tmpfs' | 'disk'): number {
  const written = upper === 'tmpfs' ? expected.upperBytes : 0;
  return Math.max(expected.memoryBytes, leastBytes + written);
}
