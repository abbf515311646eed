// SPDX-License-Identifier: GPL-2.0-or-later

/**
 * How many processes a build that begins now may use: its share of the cores that no other build was given, divided among
 * all that could begin with it.
 *
 * @param given what the running ones were given, summed.
 * @param startable how many could begin now, this one included.
 */
export function chooseParallel(cores: number, given: number, startable: number): number {
  return Math.max(1, Math.floor((cores - given) / Math.max(1, startable)));
}
