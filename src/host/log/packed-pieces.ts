// SPDX-License-Identifier: GPL-2.0-or-later
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { invariant } from '../../base/invariant.ts';
import { decodeIndex, footerBytes, indexBytes, type PlacedPiece } from './packed-log.ts';
import { type Pieces, readExactly } from './pieces.ts';

const decompress = promisify(zstdDecompress);

/** A log that has ended and was packed. */
export class PackedPieces implements Pieces {
  readonly isPacked = true;
  readonly #file: FileHandle;
  readonly starts: readonly PlacedPiece[];
  readonly lineCount: number;

  private constructor(file: FileHandle, index: ReturnType<typeof decodeIndex>) {
    this.#file = file;
    this.starts = index.pieces;
    this.lineCount = index.lines;
  }

  static async open(file: FileHandle): Promise<PackedPieces> {
    const end = (await file.stat()).size;
    const footer = await readExactly(file, end - footerBytes, footerBytes);
    const bytes = indexBytes(footer);
    invariant(bytes !== undefined, 'a packed log has no index');
    return new PackedPieces(file, decodeIndex(await readExactly(file, end - footerBytes - bytes, bytes)));
  }

  async read(place: number): Promise<Buffer> {
    const { packedOffset = 0, packedBytes = 0 } = this.starts[place] ?? {};
    return decompress(await readExactly(this.#file, packedOffset, packedBytes));
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}
