// SPDX-License-Identifier: GPL-2.0-or-later

/** What the last task to begin may add to the end of a campaign, as a part of the shortest time that it can take. */
const mostAddedAtEnd = 0.05;

/**
 * From which expected time on a task is long. Long ones are begun longest first, as they decide when everything is over;
 * the others may keep any order: where no worker is ever idle, the end comes at most the last task's time after work ÷
 * workers (Graham's bound), which is then less than 5 %. Times in milliseconds.
 */
export function longFrom(expectedWallMs: readonly number[], workers: number): number {
  let work = 0;
  let longest = 0;
  for (const ms of expectedWallMs) {
    work += ms;
    longest = Math.max(longest, ms);
  }
  return mostAddedAtEnd * Math.max(work / workers, longest);
}
