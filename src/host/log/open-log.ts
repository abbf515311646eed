// SPDX-License-Identifier: GPL-2.0-or-later
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isErrno } from '../files.ts';
import { lineText, splitLines } from './line-marks.ts';
import { marksPath, packedPath } from './log-paths.ts';
import { PackedPieces } from './packed-pieces.ts';
import type { Pieces } from './pieces.ts';
import { PlainPieces } from './plain-pieces.ts';

/** A line of a log; numbers count from 1. */
export interface LogLine {
  readonly line: number;
  readonly text: string;
}

/** How much is read at most: for whoever can't take a line at a time. */
export interface LineBounds {
  /** Of a longer line so much is given, and `…`. */
  readonly lineBytes: number;
  /** No further line where so much has been given. */
  readonly allBytes: number;
}

/**
 * A log to read from, being written, ended or packed: the caller need not know which. Any part of it is read without reading what
 * is before. Lines longer than 1 MiB count as several. Of a log that is written, `lineCount` and all that is read are as
 * they were when it was opened, or refreshed.
 */
export interface Log extends AsyncDisposable {
  /** Lines, a last one without its end included. */
  readonly lineCount: number;
  /** Whether it is packed: then no more lines come. */
  readonly isPacked: boolean;
  /** At most `count` lines from the one numbered `from`; at least one, where there is one. */
  lines(from: number, count: number, bounds?: LineBounds): Promise<LogLine[]>;
  /** The first `limit` lines from the one numbered `from` that hold `text`, letter for letter. */
  search(
    text: string,
    from: number,
    limit: number,
    bounds?: Pick<LineBounds, 'lineBytes'>,
  ): Promise<LogLine[]>;
  /** Everything, piece by piece. */
  pieces(): AsyncIterable<Buffer>;
  /** Looks at what was written since. */
  refresh(): Promise<void>;
}

/** Opens the log that was written to `path`, wherever it is by now; undefined where there is none. */
export async function openLog(path: string): Promise<Log | undefined> {
  // it may be packed between the two looks
  for (let look = 0; look < 3; look++) {
    const plain = await openIfExists(path);
    if (plain !== undefined) return new PieceLog(await PlainPieces.open(plain, marksPath(path)));
    const packed = await openIfExists(packedPath(path));
    if (packed !== undefined) return new PieceLog(await PackedPieces.open(packed));
  }
  return undefined;
}

/** Lines of a log from `from` on, as they are written, until `signal` is aborted or the log is packed. */
export async function* followLog(
  path: string,
  from: number,
  options: { readonly everyMs: number; readonly signal: AbortSignal },
): AsyncGenerator<LogLine> {
  let next = from;
  let isPacked = false;
  while (!isPacked) {
    const isLast = options.signal.aborted;
    await using log = await openLog(path);
    for (;;) {
      // a last line may still grow
      const known = (log?.lineCount ?? 0) - (isLast || log?.isPacked === true ? 0 : 1);
      const lines = (await log?.lines(next, Math.min(1000, known - next + 1))) ?? [];
      yield* lines;
      next += lines.length;
      if (lines.length === 0) break;
    }
    isPacked = log?.isPacked === true;
    if (isLast) return;
    await delay(options.everyMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

class PieceLog implements Log {
  readonly #pieces: Pieces;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  get lineCount(): number {
    return this.#pieces.lineCount;
  }

  get isPacked(): boolean {
    return this.#pieces.isPacked;
  }

  async lines(from: number, count: number, bounds?: LineBounds): Promise<LogLine[]> {
    const first = Math.max(1, from);
    const last = Math.min(first + count - 1, this.lineCount);
    const found: LogLine[] = [];
    let room = bounds?.allBytes ?? Number.POSITIVE_INFINITY;
    for (let place = this.#placeOf(first); first + found.length <= last; place++) {
      const before = this.#pieces.starts[place]?.lines;
      if (before === undefined) break;
      let line = before;
      for (const bytes of splitLines(await this.#pieces.read(place))) {
        line++;
        if (line < first || line > last) continue;
        if (room <= 0) return found;
        const text = lineText(bytes, bounds?.lineBytes);
        room -= text.length;
        found.push({ line, text });
      }
    }
    return found;
  }

  async search(
    text: string,
    from: number,
    limit: number,
    bounds?: Pick<LineBounds, 'lineBytes'>,
  ): Promise<LogLine[]> {
    const needle = Buffer.from(text);
    const found: LogLine[] = [];
    for (let place = this.#placeOf(from); found.length < limit; place++) {
      const before = this.#pieces.starts[place]?.lines;
      if (before === undefined) break;
      const piece = await this.#pieces.read(place);
      if (!piece.includes(needle)) continue;
      let line = before;
      for (const bytes of splitLines(piece)) {
        line++;
        if (line >= from && found.length < limit && bytes.includes(needle)) {
          found.push({ line, text: lineText(bytes, bounds?.lineBytes) });
        }
      }
    }
    return found;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    for (let place = 0; place < this.#pieces.starts.length; place++) yield await this.#pieces.read(place);
  }

  refresh(): Promise<void> {
    return this.#pieces.refresh();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces[Symbol.asyncDispose]();
  }

  /** The piece that the line is in. */
  #placeOf(line: number): number {
    const { starts } = this.#pieces;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle]?.lines ?? 0) < line) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

async function openIfExists(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
