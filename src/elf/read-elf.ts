// SPDX-License-Identifier: GPL-2.0-or-later
import { ByteView, ElfFormatError } from './byte-view.ts';
import { readDynamicTable } from './dynamic-table.ts';
import { readLayout } from './elf-layout.ts';
import type { ElfObject, ElfReading } from './elf-object.ts';
import { readSymbols } from './symbol-table.ts';

const types = ['other', 'relocatable', 'executable', 'shared'] as const;

/**
 * Reads what the dynamic linker looks at, of either word size and byte order: by the dynamic segment, so that a file
 * without section headers is read as well. A file of any content gives a value; nothing is thrown.
 */
export function readElf(bytes: Uint8Array): ElfReading {
  if (bytes.length < 4 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) {
    return { kind: 'not-elf' };
  }
  try {
    return { kind: 'object', object: readObject(bytes) };
  } catch (error) {
    if (error instanceof ElfFormatError) return { kind: 'malformed', why: error.message };
    throw error;
  }
}

function readObject(bytes: Uint8Array): ElfObject {
  const [wordSize, order] = [bytes[4], bytes[5]];
  if (wordSize !== 1 && wordSize !== 2) throw new ElfFormatError('its word size is neither 32 nor 64 bits');
  if (order !== 1 && order !== 2) throw new ElfFormatError('its byte order is none');
  const view = new ByteView(bytes, wordSize === 2, order === 1);
  const layout = readLayout(view);
  const table = readDynamicTable(layout);
  return {
    bits: view.is64 ? 64 : 32,
    byteOrder: order === 1 ? 'little' : 'big',
    machine: view.u16(18),
    type: types[view.u16(16)] ?? 'other',
    ...(table.soname === undefined ? {} : { soname: table.soname }),
    needed: table.needed,
    rpath: table.rpath,
    runpath: table.runpath,
    symbols: readSymbols(layout, table),
  };
}
