// SPDX-License-Identifier: GPL-2.0-or-later
import { libsolv } from './library.ts';

const chunkBytes = 4 * 1024 * 1024;

/**
 * All bytes of a file, plain or packed by gzip, bzip2, xz or zstd, as its name says (`.bz2`); libsolv unpacks. At once: a list of
 * 100 MB takes half a second, by bzip2 some six. Throws an Error where it can't be opened, has more than `mostBytes`, or is
 * damaged, which the end of a file by gzip may hide.
 */
export function readPackedFile(path: string, mostBytes: number): Uint8Array {
  const solv = libsolv();
  const file = solv.solv_xfopen(path, 'r');
  if (file === null) throw new Error(`${path} can't be opened`);
  try {
    const chunks: Uint8Array[] = [];
    for (let total = 0; ; ) {
      const chunk = new Uint8Array(chunkBytes);
      const read = Number(solv.fread(chunk, 1, chunk.length, file));
      total += read;
      if (total > mostBytes) throw new Error(`${path} has more than ${mostBytes} bytes`);
      if (read > 0) chunks.push(chunk.subarray(0, read));
      if (read === chunk.length) continue;
      if (solv.ferror(file) !== 0) throw new Error(`${path} is damaged`);
      return Buffer.concat(chunks);
    }
  } finally {
    solv.fclose(file);
  }
}
