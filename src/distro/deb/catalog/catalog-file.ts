// SPDX-License-Identifier: GPL-2.0-or-later
import { crc32 } from 'node:zlib';
import type { CatalogRepository } from './catalog-input.ts';
import { type CatalogColumns, type CatalogTables, columnTypes } from './catalog-tables.ts';

/** Raised with every change of the columns or of their meaning: an older file is then made anew. */
export const catalogFormatVersion = 4;

const magic = 0x314b5350; // "PSK1"
const fixedHeaderBytes = 16;
const alignment = 8;
const elementBytes = { u8: 1, u32: 4, f64: 8 } as const;

interface FileHeader {
  readonly inputs: string;
  readonly crc32: number;
  readonly repositories: readonly CatalogRepository[];
  /** Offset from the first column and number of elements. */
  readonly columns: Readonly<Record<string, readonly [offset: number, length: number]>>;
}

/**
 * The file's bytes in pieces, to be written one after the other: magic, format version, length of the JSON header,
 * the header, then the columns, each at a multiple of 8. `inputs` is the digest of what the tables were made from.
 */
export function encodeCatalog(tables: CatalogTables, inputs: string): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const columns: Record<string, readonly [number, number]> = {};
  let offset = 0;
  let sum = 0;
  for (const [name, column] of Object.entries(tables.columns)) {
    columns[name] = [offset, column.length];
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    const padding = new Uint8Array((alignment - (bytes.length % alignment)) % alignment);
    for (const piece of [bytes, padding]) {
      pieces.push(piece);
      sum = crc32(piece, sum);
    }
    offset += bytes.length + padding.length;
  }
  const header: FileHeader = { inputs, crc32: sum, repositories: tables.repositories, columns };
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(json.length + ((alignment - (json.length % alignment)) % alignment), ' ');
  json.copy(padded);
  const fixed = Buffer.alloc(fixedHeaderBytes);
  fixed.writeUInt32LE(magic, 0);
  fixed.writeUInt32LE(catalogFormatVersion, 4);
  fixed.writeUInt32LE(padded.length, 8);
  return [fixed, padded, ...pieces];
}

/**
 * The tables in a file's bytes, as views on them; undefined where the file is of another format version, was made from
 * other inputs, or is damaged (its columns are checked by CRC-32): the caller then makes it anew.
 */
export function decodeCatalog(file: Uint8Array<ArrayBuffer>, inputs: string): CatalogTables | undefined {
  if (file.byteLength < fixedHeaderBytes || file.byteOffset % alignment !== 0) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== catalogFormatVersion) return undefined;
  const headerEnd = fixedHeaderBytes + view.getUint32(8, true);
  if (headerEnd > file.byteLength || headerEnd % alignment !== 0) return undefined;
  const header = parseHeader(file.subarray(fixedHeaderBytes, headerEnd));
  if (header === undefined || header.inputs !== inputs) return undefined;
  if (crc32(file.subarray(headerEnd)) !== header.crc32) return undefined;
  const columns: Record<string, Uint8Array | Uint32Array | Float64Array> = {};
  for (const [name, type] of Object.entries(columnTypes)) {
    const place = header.columns[name];
    if (place === undefined) return undefined;
    const [offset, length] = place;
    const start = file.byteOffset + headerEnd + offset;
    if (headerEnd + offset + length * elementBytes[type] > file.byteLength) return undefined;
    columns[name] = new { u8: Uint8Array, u32: Uint32Array, f64: Float64Array }[type](
      file.buffer,
      start,
      length,
    );
  }
  return { repositories: header.repositories, columns: columns as unknown as CatalogColumns };
}

function parseHeader(bytes: Uint8Array): FileHeader | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as FileHeader;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
