// SPDX-License-Identifier: GPL-2.0-or-later
import { hostname, networkInterfaces } from 'node:os';

/** What this host can be reached by: its name and the addresses of all its interfaces. */
export function hostAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return [hostname(), ...addresses.map(({ address }) => address)];
}
