// SPDX-License-Identifier: GPL-2.0-or-later
import type { TaskHistory as RecordedHistory } from '../db/task-history.ts';
import type { PastAttempt } from '../events/past-attempt.ts';
import type { PastUse, TaskHistory } from '../schedule/task-history.ts';

/** So many of a source's latest attempts are looked at. */
const lookedAt = 3;

/**
 * What the database tells of earlier builds on an architecture, as predictions need it. Attempts that were built count;
 * where there are none, those that ran until something went wrong, as a build that ran out of memory needs that much at
 * least. Attempts that say nothing of the package (cancelled, faults of a host) do not.
 */
export function pastUses(
  recorded: Pick<RecordedHistory, 'attemptsOf' | 'allAttempts'>,
  architecture: string,
): TaskHistory {
  return {
    usesOf: (source) => usesIn(recorded.attemptsOf(source, architecture, lookedAt)),
    *sources() {
      for (const [source, attempts] of recorded.allAttempts(architecture, 1)) {
        const [use] = usesIn(attempts);
        if (use !== undefined) yield { source, use };
      }
    },
  };
}

function usesIn(attempts: readonly PastAttempt[]): PastUse[] {
  const built = attempts.filter(({ outcome }) => outcome === 'built');
  const ran = attempts.filter(({ outcome }) => outcome !== 'cancelled' && outcome !== 'host-fault');
  return (built.length > 0 ? built : ran).map(({ cpuMs, peakMemoryBytes, upperBytes, wallMs }) => ({
    memoryBytes: peakMemoryBytes,
    upperBytes,
    cpuMs,
    wallMs,
  }));
}
