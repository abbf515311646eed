// SPDX-License-Identifier: GPL-2.0-or-later
import type { ArchiveComparison } from '../../archive-check.ts';
import { type CheckedArchive, compareChecked, noteVersion, packageKey } from '../../compare-checked.ts';
import type { BuildScope } from '../resolve/build-request.ts';
import type { Universe } from '../resolve/universe.ts';
import { checkUniverse } from './check-archive.ts';
import { findUnmet } from './find-unmet.ts';

/** What is broken in an archive and was not in an earlier state of it; see compare-checked.ts. */
export function compareArchives(before: Universe, after: Universe, scope: BuildScope): ArchiveComparison {
  return compareChecked(examine(before, scope), examine(after, scope));
}

function examine(universe: Universe, scope: BuildScope): CheckedArchive {
  const packages = new Map<string, Set<string>>();
  for (let row = 0; row < universe.root; row++) {
    if (!universe.isUsable(row)) continue;
    const { name, version, architecture } = universe.describe(row);
    noteVersion(packages, packageKey({ package: name, architecture }), version);
  }
  const sources = new Map<string, Set<string>>();
  const { catalog } = universe;
  const { sourceName, sourceVersion } = catalog.columns;
  for (let row = 0; row < sourceName.length; row++) {
    const name = catalog.nameText(sourceName[row] ?? 0);
    noteVersion(sources, name, catalog.strings.at(sourceVersion[row] ?? 0));
  }
  return { check: checkUniverse(universe, scope), unmet: findUnmet(universe), packages, sources };
}
