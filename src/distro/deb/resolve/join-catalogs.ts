// SPDX-License-Identifier: GPL-2.0-or-later
import { packageFields } from '../catalog/catalog-tables.ts';
import type { DebCatalog } from '../catalog/deb-catalog.ts';

const fieldCount = packageFields.length;

/** How many relations a request may have: room for them is at the end of `relations`. */
export const rootRelationsRoom = 1 << 14;

/** What {@link Universe} says of rows and names, over both catalogs; see there for what each column means. */
export interface JoinedCatalogs {
  /** Numbers of the names that only the second catalog has. */
  readonly addedNames: ReadonlyMap<string, number>;
  readonly rootName: number;
  readonly root: number;
  readonly nameOfRow: Uint32Array;
  readonly relations: Uint32Array;
  readonly relationStarts: Uint32Array;
  readonly flags: Uint8Array;
  readonly priorities: Uint8Array;
  readonly nameOrder: Uint32Array;
}

/**
 * Puts the rows of a second catalog behind those of a first, whose numbers stay as they are, and behind both a row and
 * a name for the request. Names that both have are one; atoms aren't compared: the second's follow the first's.
 */
export function joinCatalogs(first: DebCatalog, second: DebCatalog): JoinedCatalogs {
  const from = first.columns;
  const more = second.columns;
  const names = joinNames(first, second);
  const catalogRows = from.packageName.length;
  const root = catalogRows + more.packageName.length;
  const rowCount = root + 1;

  const nameOfRow = new Uint32Array(rowCount);
  nameOfRow.set(from.packageName);
  for (let row = 0; row < more.packageName.length; row++) {
    nameOfRow[catalogRows + row] = names.numbers[more.packageName[row] ?? 0] ?? 0;
  }
  nameOfRow[root] = names.rootName;

  const relationCount = from.relations.length + more.relations.length;
  const relations = joined(Uint32Array, from.relations, more.relations, relationCount + rootRelationsRoom);
  for (let index = from.relations.length; index < relationCount; index++) {
    relations[index] = (relations[index] ?? 0) + 2 * from.atomName.length;
  }
  const relationStarts = new Uint32Array(rowCount * fieldCount + 1);
  relationStarts.set(from.packageRelationStarts);
  for (let index = 0; index < more.packageRelationStarts.length; index++) {
    relationStarts[catalogRows * fieldCount + index] =
      from.relations.length + (more.packageRelationStarts[index] ?? 0);
  }

  return {
    addedNames: names.added,
    rootName: names.rootName,
    root,
    nameOfRow,
    relations,
    relationStarts,
    flags: joined(Uint8Array, from.packageFlags, more.packageFlags, rowCount),
    priorities: joined(Uint8Array, from.packagePriority, more.packagePriority, rowCount),
    nameOrder: orderNames(from.nameOrder, from.nameString.length, names.rootName + 1),
  };
}

interface JoinedNames {
  readonly added: ReadonlyMap<string, number>;
  /** The joined number of each name of the second catalog. */
  readonly numbers: Uint32Array;
  readonly rootName: number;
}

function joinNames(first: DebCatalog, second: DebCatalog): JoinedNames {
  const firstCount = first.columns.nameString.length;
  const added = new Map<string, number>();
  const numbers = new Uint32Array(second.columns.nameString.length);
  for (let name = 0; name < numbers.length; name++) {
    const text = second.nameText(name);
    const known = first.findName(text);
    numbers[name] = known >= 0 ? known : firstCount + added.size;
    if (known < 0) added.set(text, firstCount + added.size);
  }
  return { added, numbers, rootName: firstCount + added.size };
}

/** Names that the first catalog hasn't come after all of its own. */
function orderNames(catalogOrder: Uint32Array, firstAdded: number, nameCount: number): Uint32Array {
  const nameOrder = joined(Uint32Array, catalogOrder, new Uint32Array(0), nameCount);
  let order = 0;
  for (const value of catalogOrder) if (value !== 0xffffffff && value >= order) order = value + 1;
  for (let name = firstAdded; name < nameCount; name++) nameOrder[name] = order++;
  return nameOrder;
}

function joined<T extends Uint8Array | Uint32Array>(
  type: new (length: number) => T,
  first: T,
  second: T,
  length: number,
): T {
  const array = new type(length);
  array.set(first);
  array.set(second, first.length);
  return array;
}
