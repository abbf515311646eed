// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';

/** With less room than that a build's log, its results or the layer that it needs soon have none. */
const leastFreeBytes = 128 * 1024 ** 2;

/**
 * Why nothing new should begin while the disk of the state is full; undefined where it may.
 *
 * @param isHeld whether it was so until now: it begins again only when there is half as much again.
 */
export function diskReason(freeBytes: number, isHeld: boolean): string | undefined {
  if (freeBytes >= leastFreeBytes * (isHeld ? 1.5 : 1)) return undefined;
  return `only ${formatBytes(freeBytes)} are free on the disk of the state directory: free some, and it goes on`;
}
