// SPDX-License-Identifier: GPL-2.0-or-later
import type { FileHandle } from 'node:fs/promises';
import type { LineMark } from './line-marks.ts';

/** Where a log's pieces come from: each begins with a line, and has `starts[i + 1].lines - starts[i].lines` of them. */
export interface Pieces extends AsyncDisposable {
  readonly isPacked: boolean;
  readonly starts: readonly LineMark[];
  readonly lineCount: number;
  read(place: number): Promise<Buffer>;
  /** Looks at what was written since. */
  refresh(): Promise<void>;
}

/** So many bytes of a file from a place on; fewer where it ends. */
export async function readExactly(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}
