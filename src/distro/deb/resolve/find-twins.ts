// SPDX-License-Identifier: GPL-2.0-or-later
import { CatalogBuilder } from '../catalog/catalog-builder.ts';
import { DebCatalog } from '../catalog/deb-catalog.ts';
import { addControlData } from '../catalog/index-rows.ts';
import type { Paragraph } from '../deb822.ts';
import { rowsEqual } from './rows-equal.ts';
import { Universe } from './universe.ts';

/**
 * The rows of the repository that are to apt what these local packages are, in their order: the same in version,
 * dependencies and everything else that a choice looks at, what would be chosen without them, and not of the base. Then a
 * question about the ones has the answer of a question about the others. Undefined where one of them has no such twin.
 */
export function findTwins(universe: Universe, local: readonly Paragraph[]): readonly number[] | undefined {
  const rows: number[] = [];
  const builder = new CatalogBuilder();
  for (const control of local) {
    const name = universe.findName(control.get('package') ?? '');
    const row = universe.candidate[name] ?? -1;
    if (row < 0 || (universe.current[name] ?? -1) >= 0 || rows.includes(row)) return undefined;
    if (universe.repositoryPriority(row) === undefined) return undefined;
    rows.push(row);
    addControlData(builder, control);
  }
  const { architecture } = universe;
  const small = new Universe(new DebCatalog(builder.finish()), {
    architecture,
    packages: [],
    unfinished: [],
  });
  return rows.every((row, index) => areAlike(universe, row, small, index)) ? rows : undefined;
}

function areAlike(universe: Universe, row: number, other: Universe, otherRow: number): boolean {
  return (
    rowsEqual(universe, row, other, otherRow) &&
    universe.flags[row] === other.flags[otherRow] &&
    universe.priorities[row] === other.priorities[otherRow] &&
    universe.sourceText(row) === other.sourceText(otherRow)
  );
}
