// SPDX-License-Identifier: GPL-2.0-or-later
import type { RelationAtom } from '../catalog/relation-syntax.ts';
import { satisfies } from '../version.ts';

/** What is looked at of a universe. */
interface Provisions {
  readonly architecture: string;
  atom(number: number): Pick<RelationAtom, 'name' | 'qualifier' | 'relation' | 'version'>;
  findName(name: string): number;
  rowsOfName(name: number): readonly number[];
  providers(name: number): Iterable<readonly [row: number, atom: number]>;
  hasFlag(row: number, flag: 'allowed'): boolean;
  isUsable(row: number): boolean;
  versionText(row: number): string;
}

/**
 * Rows that satisfy an atom by themselves or by what they provide, without regard to what is a candidate: versions of
 * the name first, then providers. An unversioned provide satisfies only an unversioned atom (Policy 7.5).
 */
export function relationTargets(universe: Provisions, number: number): Int32Array {
  const atom = universe.atom(number);
  const name = universe.findName(atom.name);
  if (name < 0) return new Int32Array(0);
  const { qualifier, relation, version } = atom;
  const isNative = (of: string): boolean => of === '' || of === 'native' || of === universe.architecture;
  const any = qualifier === 'any';
  if (!any && !isNative(qualifier)) return new Int32Array(0);
  const fits = (own: string): boolean => relation === '' || (own !== '' && satisfies(own, relation, version));
  const found = new Set<number>();
  for (const row of universe.rowsOfName(name)) {
    if (any && !universe.hasFlag(row, 'allowed')) continue;
    if (universe.isUsable(row) && fits(universe.versionText(row))) found.add(row);
  }
  for (const [row, provided] of universe.providers(name)) {
    const what = universe.atom(provided);
    if (!universe.isUsable(row)) continue;
    if (any ? !(what.qualifier === 'any' || universe.hasFlag(row, 'allowed')) : !isNative(what.qualifier))
      continue;
    if (what.relation !== '' && what.relation !== '=') continue;
    if (fits(what.version)) found.add(row);
  }
  return Int32Array.from(found);
}
