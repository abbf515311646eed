// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from './universe.ts';

/** What explanations call a request for packages. */
export const requestText = 'the request';

/** Binary packages that are wanted, found in a universe. */
export type PackageRequest =
  | {
      readonly kind: 'request';
      /** The rows wanted, in the order in which apt marks them. */
      readonly rows: readonly number[];
      /** Items as in the catalog's `relations`: exactly these versions. */
      readonly items: readonly number[];
    }
  | { readonly kind: 'unknown-package'; readonly name: string }
  | { readonly kind: 'undecided'; readonly reason: string };

/**
 * Finds names, `name=version` and local packages. A name that only others provide is apt's to choose for; one that
 * is installed in the wanted version already is left out.
 */
export function packageRequest(
  universe: Universe,
  wanted: readonly (string | { readonly local: number })[],
): PackageRequest {
  const rows: number[] = [];
  for (const one of wanted) {
    if (typeof one !== 'string') {
      rows.push(universe.rowOfLocal(one.local));
      continue;
    }
    const equals = one.indexOf('=');
    const text = equals < 0 ? one : one.slice(0, equals);
    const name = universe.findName(text);
    const versions = name < 0 ? [] : universe.rowsOfName(name);
    if (versions.length === 0) {
      if (name < 0 || !universe.isProvided(name)) return { kind: 'unknown-package', name: text };
      return { kind: 'undecided', reason: `${text} is a virtual package` };
    }
    const version = one.slice(equals + 1);
    const row =
      equals < 0
        ? universe.candidate[name]
        : versions.find((candidate) => universe.versionText(candidate) === version);
    if (row === undefined || row < 0) return { kind: 'unknown-package', name: one };
    rows.push(row);
  }
  const order = (row: number): number => universe.nameOrder[universe.nameOfRow[row] ?? 0] ?? 0;
  const fresh = [...new Set(rows)].filter((row) => universe.current[universe.nameOfRow[row] ?? 0] !== row);
  fresh.sort((a, b) => order(a) - order(b));
  const items = fresh.map((row) => {
    const atom = {
      name: universe.nameText(universe.nameOfRow[row] ?? 0),
      qualifier: '',
      architectures: '',
      profiles: '',
    };
    return universe.atomNumber({ ...atom, relation: '=', version: universe.versionText(row) }) * 2;
  });
  return { kind: 'request', rows: fresh, items };
}
