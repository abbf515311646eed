// SPDX-License-Identifier: GPL-2.0-or-later
import { type ByteView, ElfFormatError } from './byte-view.ts';
import type { DynamicTable } from './dynamic-table.ts';

interface VersionName {
  readonly name: string;
  /** The library that a wanted version is to come from. */
  readonly from?: string;
}

/**
 * What the numbers in the table of symbol versions stand for: those that the file offers and those that it wants have
 * different ones. A program may have a library's variable in itself, with the wanted version. Throws ElfFormatError.
 */
export function readVersionNames(view: ByteView, table: DynamicTable): Map<number, VersionName> {
  return new Map([...readDefined(view, table), ...readNeeded(view, table)]);
}

function readDefined(view: ByteView, { definedVersions, strings }: DynamicTable): Map<number, VersionName> {
  const found = new Map<number, VersionName>();
  if (definedVersions === undefined || strings === undefined) return found;
  let at = definedVersions.start;
  for (let index = 0; index < definedVersions.count; index++) {
    const number = view.u16(at + 4);
    if (view.u16(at + 6) > 0) {
      const name = view.u32(at + view.u32(at + 12));
      found.set(number, { name: view.text(strings.start + name, strings.end) });
    }
    const next = view.u32(at + 16);
    if (next === 0) break;
    at = forwards(at, next, 20);
  }
  return found;
}

function readNeeded(view: ByteView, { neededVersions, strings }: DynamicTable): Map<number, VersionName> {
  const found = new Map<number, VersionName>();
  if (neededVersions === undefined || strings === undefined) return found;
  let at = neededVersions.start;
  for (let index = 0; index < neededVersions.count; index++) {
    const count = view.u16(at + 2);
    const from = view.text(strings.start + view.u32(at + 4), strings.end);
    let entry = at + view.u32(at + 8);
    for (let place = 0; place < count; place++) {
      const name = view.text(strings.start + view.u32(entry + 8), strings.end);
      found.set(view.u16(entry + 6), { name, from });
      const next = view.u32(entry + 12);
      if (next === 0) break;
      entry = forwards(entry, next, 16);
    }
    const next = view.u32(at + 12);
    if (next === 0) break;
    at = forwards(at, next, 16);
  }
  return found;
}

/** Entries may not overlap: a file then can't make more of them than it has room for. */
function forwards(at: number, next: number, least: number): number {
  if (next < least) throw new ElfFormatError('its tables of versions overlap');
  return at + next;
}
