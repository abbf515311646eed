// SPDX-License-Identifier: GPL-2.0-or-later
import type { DebCatalog } from '../catalog/deb-catalog.ts';

/** For each package row of a catalog 1 where the package is for an architecture or for all of them, else 0. */
export function usableRows(catalog: DebCatalog, architecture: string): Uint8Array {
  const known = new Map<number, number>(); // by the number of the architecture's string
  return Uint8Array.from(catalog.columns.packageArchitecture, (string) => {
    let usable = known.get(string);
    if (usable === undefined) {
      usable = ['all', architecture].includes(catalog.strings.at(string)) ? 1 : 0;
      known.set(string, usable);
    }
    return usable;
  });
}
