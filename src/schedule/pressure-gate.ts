// SPDX-License-Identifier: GPL-2.0-or-later
import type { ResourceSample } from '../events/events.ts';

/**
 * Shares of the last ten seconds in which something waited (Documentation/accounting/psi.rst, `some`), from which on nothing
 * is begun, and below which it is again. Processors are not among them: builds that wait for them are
 * what a busy machine looks like.
 */
const gates = {
  memory: { closes: 0.1, opens: 0.05 },
  io: { closes: 0.9, opens: 0.6 },
} as const;

/**
 * Why nothing new should begin, from what the host says; undefined where it may.
 *
 * @param isPaused whether it was so until now: a gate that is closed opens later than it closes.
 * @param reserveBytes what the host is to keep for itself.
 */
export function pauseReason(
  sample: Pick<ResourceSample, 'availableBytes' | 'pressure'>,
  reserveBytes: number,
  isPaused: boolean,
): string | undefined {
  if (sample.availableBytes < reserveBytes * (isPaused ? 1.5 : 1))
    return 'the memory of this host runs short';
  const { pressure } = sample;
  if (pressure === undefined) return undefined;
  const isOver = (kind: keyof typeof gates): boolean =>
    pressure[kind] >= (isPaused ? gates[kind].opens : gates[kind].closes);
  if (isOver('memory')) return 'processes of this host wait for memory';
  if (isOver('io')) return 'processes of this host wait for its disks';
  return undefined;
}
