// SPDX-License-Identifier: GPL-2.0-or-later
import { ElfFormatError } from './byte-view.ts';
import type { ElfLayout } from './elf-layout.ts';

/** The dynamic segment's entries: addresses are turned into places in the file. */
export interface DynamicTable {
  readonly soname?: string;
  readonly needed: readonly string[];
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** Where tables are, by their tags; absent ones are undefined. */
  readonly strings: { readonly start: number; readonly end: number } | undefined;
  readonly symbols: number | undefined;
  readonly hash: number | undefined;
  readonly gnuHash: number | undefined;
  readonly symbolVersions: number | undefined;
  readonly neededVersions: { readonly start: number; readonly count: number } | undefined;
  readonly definedVersions: { readonly start: number; readonly count: number } | undefined;
}

const tags = {
  needed: 1,
  hash: 4,
  strings: 5,
  symbols: 6,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  symbolVersions: 0x6ffffff0,
  definedVersions: 0x6ffffffc,
  definedVersionsCount: 0x6ffffffd,
  neededVersions: 0x6ffffffe,
  neededVersionsCount: 0x6fffffff,
} as const;

const empty: DynamicTable = {
  needed: [],
  rpath: [],
  runpath: [],
  strings: undefined,
  symbols: undefined,
  hash: undefined,
  gnuHash: undefined,
  symbolVersions: undefined,
  neededVersions: undefined,
  definedVersions: undefined,
};

/** Reads the dynamic segment; without one, all is absent. Throws ElfFormatError. */
export function readDynamicTable(layout: ElfLayout): DynamicTable {
  const { view, dynamic } = layout;
  if (dynamic === undefined || dynamic.bytes === 0) return empty;
  const entryBytes = view.is64 ? 16 : 8;
  view.need(dynamic.offset, dynamic.bytes, 'the dynamic segment');
  const values = new Map<number, number>();
  const neededAt: number[] = [];
  for (let at = dynamic.offset; at + entryBytes <= dynamic.offset + dynamic.bytes; at += entryBytes) {
    const tag = view.word(at);
    const value = view.word(at + entryBytes / 2);
    if (tag === 0) break;
    if (tag === tags.needed) neededAt.push(value);
    else values.set(tag, value);
  }
  const place = (tag: number): number | undefined => {
    const address = values.get(tag);
    return address === undefined || address === 0 ? undefined : placeOf(layout, address);
  };
  const counted = (tag: number, countTag: number): { start: number; count: number } | undefined => {
    const start = place(tag);
    return start === undefined ? undefined : { start, count: values.get(countTag) ?? 0 };
  };
  const start = place(tags.strings);
  const strings =
    start === undefined ? undefined : { start, end: start + (values.get(tags.stringsSize) ?? 0) };
  const textAt = (offset: number): string => {
    if (strings === undefined) throw new ElfFormatError('it has names but no table of them');
    return view.text(strings.start + offset, strings.end);
  };
  const paths = (tag: number): string[] => {
    const offset = values.get(tag);
    return offset === undefined
      ? []
      : textAt(offset)
          .split(':')
          .filter((path) => path !== '');
  };
  const sonameAt = values.get(tags.soname);
  return {
    ...(sonameAt === undefined ? {} : { soname: textAt(sonameAt) }),
    needed: neededAt.map(textAt),
    rpath: paths(tags.rpath),
    runpath: paths(tags.runpath),
    strings,
    symbols: place(tags.symbols),
    hash: place(tags.hash),
    gnuHash: place(tags.gnuHash),
    symbolVersions: place(tags.symbolVersions),
    neededVersions: counted(tags.neededVersions, tags.neededVersionsCount),
    definedVersions: counted(tags.definedVersions, tags.definedVersionsCount),
  };
}

function placeOf({ loaded }: ElfLayout, address: number): number {
  for (const range of loaded) {
    if (address >= range.address && address < range.address + range.bytes) {
      return address - range.address + range.offset;
    }
  }
  throw new ElfFormatError('a table of the dynamic segment is not loaded from the file');
}
