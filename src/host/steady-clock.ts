// SPDX-License-Identifier: GPL-2.0-or-later

/**
 * A clock that shows milliseconds since the epoch and goes on steadily from the time that the host's clock shows now,
 * whatever that one does later: order and durations hold when somebody sets it.
 * @param notBefore what an earlier run of the same stream has shown last.
 */
export function steadyClock(notBefore = 0): () => number {
  const began = performance.now();
  const start = Math.max(Date.now(), notBefore);
  return () => start + Math.round(performance.now() - began);
}
