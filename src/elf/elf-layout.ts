// SPDX-License-Identifier: GPL-2.0-or-later
import { type ByteView, ElfFormatError } from './byte-view.ts';

/** A part of the file that is loaded to an address. */
export interface LoadedRange {
  readonly address: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A section, as far as it is looked at. */
export interface Section {
  readonly type: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Where the parts of a file are (System V ABI, chapters 4 and 5). */
export interface ElfLayout {
  readonly view: ByteView;
  readonly loaded: readonly LoadedRange[];
  readonly dynamic: LoadedRange | undefined;
  readonly sections: readonly Section[];
}

const segmentLoad = 1;
const segmentDynamic = 2;

/** Reads the tables of segments and of sections. Throws ElfFormatError. */
export function readLayout(view: ByteView): ElfLayout {
  const wide = view.is64;
  const loaded: LoadedRange[] = [];
  let dynamic: LoadedRange | undefined;
  const programStart = view.word(wide ? 32 : 28);
  const programSize = view.u16(wide ? 54 : 42);
  const programCount = programStart === 0 ? 0 : view.u16(wide ? 56 : 44);
  if (programCount > 0 && programSize < (wide ? 56 : 32))
    throw new ElfFormatError('its segments are too small');
  view.need(programStart, programSize * programCount, 'the table of segments');
  for (let index = 0; index < programCount; index++) {
    const at = programStart + index * programSize;
    const type = view.u32(at);
    const range = {
      offset: view.word(at + (wide ? 8 : 4)),
      address: view.word(at + (wide ? 16 : 8)),
      bytes: view.word(at + (wide ? 32 : 16)),
    };
    if (type === segmentLoad) loaded.push(range);
    if (type === segmentDynamic) dynamic = range;
  }
  return { view, loaded, dynamic, sections: readSections(view) };
}

/** Empty where there are none, or where they are cut off: files are run without them. */
function readSections(view: ByteView): Section[] {
  const wide = view.is64;
  const start = view.word(wide ? 40 : 32);
  const size = view.u16(wide ? 58 : 46);
  const count = start === 0 ? 0 : view.u16(wide ? 60 : 48);
  if (size < (wide ? 64 : 40) || start + size * count > view.length) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      type: view.u32(at + 4),
      offset: view.word(at + (wide ? 24 : 16)),
      bytes: view.word(at + (wide ? 32 : 20)),
    };
  });
}
