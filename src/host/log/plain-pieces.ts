// SPDX-License-Identifier: GPL-2.0-or-later
import { type FileHandle, readFile } from 'node:fs/promises';
import { isErrno } from '../files.ts';
import { type LineMark, LineMarks } from './line-marks.ts';
import { type Pieces, readExactly } from './pieces.ts';

const readBytes = 256 * 1024;

/** A log that is written, or was too small to be packed. */
export class PlainPieces implements Pieces {
  readonly isPacked = false;
  readonly #file: FileHandle;
  readonly #marks: LineMarks;

  private constructor(file: FileHandle, marks: LineMarks) {
    this.#file = file;
    this.#marks = marks;
  }

  static async open(file: FileHandle, marksFile: string): Promise<PlainPieces> {
    const pieces = new PlainPieces(file, new LineMarks(await readMarks(marksFile)));
    await pieces.refresh();
    return pieces;
  }

  get starts(): readonly LineMark[] {
    return this.#marks.marks;
  }

  get lineCount(): number {
    return this.#marks.lineCount;
  }

  async read(place: number): Promise<Buffer> {
    const start = this.starts[place]?.offset ?? 0;
    const end = this.starts[place + 1]?.offset ?? this.#marks.bytes;
    return readExactly(this.#file, start, end - start);
  }

  async refresh(): Promise<void> {
    for (;;) {
      const { bytesRead, buffer } = await this.#file.read({
        buffer: Buffer.allocUnsafe(readBytes),
        position: this.#marks.bytes,
      });
      if (bytesRead === 0) return;
      this.#marks.add(buffer.subarray(0, bytesRead));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

/** Whole marks only: the last one may be just being written. */
async function readMarks(path: string): Promise<LineMark[]> {
  let data: Buffer;
  try {
    data = await readFile(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
  const marks: LineMark[] = [{ offset: 0, lines: 0 }];
  for (let at = 0; at + 16 <= data.length; at += 16) {
    marks.push({ offset: data.readDoubleLE(at), lines: data.readDoubleLE(at + 8) });
  }
  return marks;
}
