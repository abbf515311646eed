// SPDX-License-Identifier: GPL-2.0-or-later
import { ElfFormatError } from './byte-view.ts';
import type { DynamicTable } from './dynamic-table.ts';
import type { ElfLayout } from './elf-layout.ts';
import type { ElfSymbol } from './elf-object.ts';
import { readVersionNames } from './version-names.ts';

const sectionDynamicSymbols = 11;
const sectionIndexUndefined = 0;
const bindingLocal = 0;
const bindingWeak = 2;
const visibilityMask = 3;
const visibilityDefault = 0;
const visibilityProtected = 3;
/** In a symbol's version: not what a plain name is bound to. */
const versionHidden = 0x8000;
const firstRealVersion = 2;

/** All dynamic symbols but the first, which is none. Throws ElfFormatError. */
export function readSymbols(layout: ElfLayout, table: DynamicTable): ElfSymbol[] {
  const { view } = layout;
  const { symbols: start, strings, symbolVersions } = table;
  if (start === undefined || strings === undefined) return [];
  const entryBytes = view.is64 ? 24 : 16;
  const count = countSymbols(layout, table, start, entryBytes);
  view.need(start, count * entryBytes, 'the table of symbols');
  const versions = readVersionNames(view, table);
  const found: ElfSymbol[] = [];
  for (let index = 1; index < count; index++) {
    const at = start + index * entryBytes;
    const info = view.u8(at + (view.is64 ? 4 : 12));
    const other = view.u8(at + (view.is64 ? 5 : 13));
    const isDefined = view.u16(at + (view.is64 ? 6 : 14)) !== sectionIndexUndefined;
    const number = symbolVersions === undefined ? 0 : view.u16(symbolVersions + 2 * index) & ~versionHidden;
    const version = number < firstRealVersion ? undefined : versions.get(number);
    const visibility = other & visibilityMask;
    found.push({
      name: view.text(strings.start + view.u32(at), strings.end),
      ...(version === undefined ? {} : { version: version.name }),
      ...(version?.from === undefined ? {} : { versionFrom: version.from }),
      isDefined,
      isWeak: info >> 4 === bindingWeak,
      isVisible:
        info >> 4 !== bindingLocal &&
        (visibility === visibilityDefault || visibility === visibilityProtected),
    });
  }
  return found;
}

/** By the section where there is one; else by the hash tables, which the dynamic linker itself uses. */
function countSymbols(layout: ElfLayout, table: DynamicTable, start: number, entryBytes: number): number {
  const section = layout.sections.find(
    ({ type, offset }) => type === sectionDynamicSymbols && offset === start,
  );
  if (section !== undefined) return Math.floor(section.bytes / entryBytes);
  if (table.hash !== undefined) return layout.view.u32(table.hash + 4);
  if (table.gnuHash !== undefined) return countByGnuHash(layout, table.gnuHash);
  throw new ElfFormatError('nothing says how many symbols there are');
}

/** The last symbol is at the end of the chain of the highest bucket; without any, only undefined ones precede. */
function countByGnuHash({ view }: ElfLayout, at: number): number {
  const [buckets, firstHashed, bloomWords] = [view.u32(at), view.u32(at + 4), view.u32(at + 8)];
  const bucketStart = at + 16 + bloomWords * (view.is64 ? 8 : 4);
  view.need(bucketStart, 4 * buckets, 'the hash table');
  let last = 0;
  for (let index = 0; index < buckets; index++) last = Math.max(last, view.u32(bucketStart + 4 * index));
  if (last < firstHashed) return firstHashed;
  const chains = bucketStart + 4 * buckets;
  while ((view.u32(chains + 4 * (last - firstHashed)) & 1) === 0) last++;
  return last + 1;
}
