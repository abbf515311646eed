// SPDX-License-Identifier: GPL-2.0-or-later
import { packageFields } from '../catalog/catalog-tables.ts';

/** What is compared of the rows of a universe. */
interface RowTexts {
  readonly flags: ArrayLike<number>;
  readonly relationStarts: ArrayLike<number>;
  readonly relations: ArrayLike<number>;
  versionText(row: number): string;
  architectureText(row: number): string;
  atomText(atom: number): string;
}

const fieldCount = packageFields.length;

/**
 * Whether two rows are one package for apt: same version and architecture, same dependencies. Which fields count was
 * taken from what apt's version hash has in it: Depends, Pre-Depends, Conflicts, Breaks, Replaces (and suggestions).
 */
export function rowsEqual(universe: RowTexts, a: number, other: RowTexts, b: number): boolean {
  if (universe.versionText(a) !== other.versionText(b)) return false;
  if (universe.architectureText(a) !== other.architectureText(b)) return false;
  for (let field = 0; field < fieldCount; field++) {
    if (relationText(universe, a, field) !== relationText(other, b, field)) return false;
  }
  return true;
}

function relationText(universe: RowTexts, row: number, field: number): string {
  const start = universe.relationStarts[row * fieldCount + field] ?? 0;
  const end = universe.relationStarts[row * fieldCount + field + 1] ?? 0;
  let text = '';
  for (let index = start; index < end; index++) {
    const item = universe.relations[index] ?? 0;
    text += `${universe.atomText(item >> 1)}${item & 1 ? '|' : ','}`;
  }
  return text;
}
