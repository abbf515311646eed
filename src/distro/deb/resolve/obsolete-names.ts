// SPDX-License-Identifier: GPL-2.0-or-later
import { compareVersions } from '../version.ts';
import type { Universe } from './universe.ts';

/**
 * For each name 1 where apt 3 holds it for obsolete: it has no candidate, or another binary of the same source is
 * there from a newer version of that source, as when a library was renamed.
 */
export function findObsoleteNames(universe: Universe): Uint8Array {
  const newest = new Map<string, string>();
  const sources = new Map<number, readonly [name: string, version: string]>();
  for (let name = 0; name < universe.rootName; name++) {
    for (const row of universe.rowsOfName(name)) {
      const [source = '', version = ''] = universe.sourceText(row).split(' ');
      sources.set(row, [source, version]);
      const known = newest.get(source);
      if (known === undefined || compareVersions(version, known) > 0) newest.set(source, version);
    }
  }
  const obsolete = new Uint8Array(universe.nameCount);
  for (let name = 0; name < universe.rootName; name++) {
    const [source, version] = sources.get(universe.candidate[name] ?? -1) ?? [];
    if (source === undefined || version === undefined) obsolete[name] = 1;
    else if (compareVersions(newest.get(source) ?? version, version) > 0) obsolete[name] = 1;
  }
  return obsolete;
}
