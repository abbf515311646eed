// SPDX-License-Identifier: GPL-2.0-or-later

/** A place in a log where a line begins: so many bytes and whole lines are before it. */
export interface LineMark {
  readonly offset: number;
  readonly lines: number;
}

/** About this many bytes lie between two marks: what has to be read and unpacked to come to any line. */
const markedBytes = 256 * 1024;
/** A line that is longer counts as several, so that no log, whatever is in it, takes more memory to read than this. */
const longestLineBytes = 1024 * 1024;

const newline = 10;

/** Counts the lines of a text that comes piece by piece, and marks where to begin reading. */
export class LineMarks {
  /** The first is the beginning. */
  readonly marks: LineMark[];
  #bytes: number;
  #lines: number;
  #lineStart: number;

  /** @param from marks that are known, of a text that is given from the last of them on. */
  constructor(from: readonly LineMark[] = []) {
    this.marks = from.length === 0 ? [{ offset: 0, lines: 0 }] : [...from];
    const { offset, lines } = this.last;
    this.#bytes = offset;
    this.#lines = lines;
    this.#lineStart = offset;
  }

  get last(): LineMark {
    return this.marks.at(-1) ?? { offset: 0, lines: 0 };
  }

  /** All lines so far, a last one without its end included. */
  get lineCount(): number {
    return this.#lines + (this.#bytes > this.#lineStart ? 1 : 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next piece; the marks in it. */
  add(chunk: Uint8Array): LineMark[] {
    const added: LineMark[] = [];
    const start = this.#bytes;
    let from = 0;
    for (;;) {
      const end = lineEnd(chunk, from, this.#lineStart - start);
      if (end === undefined) break;
      from = end;
      this.#lines++;
      this.#lineStart = start + end;
      if (this.#lineStart - this.last.offset >= markedBytes) {
        const mark = { offset: this.#lineStart, lines: this.#lines };
        this.marks.push(mark);
        added.push(mark);
      }
    }
    this.#bytes = start + chunk.length;
    return added;
  }
}

/** The lines of a text that begins with one and has them whole, without their ends: parts of its memory. */
export function* splitLines(text: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < text.length) {
    const end = lineEnd(text, from, from) ?? text.length;
    yield text.subarray(from, text[end - 1] === newline ? end - 1 : end);
    from = end;
  }
}

/** A line as text; of a longer one that many bytes and `…`. It is cut before it is text, which would keep all of it in memory. */
export function lineText(line: Buffer, longestBytes = longestLineBytes): string {
  return line.length > longestBytes ? `${line.toString('utf8', 0, longestBytes)}…` : line.toString('utf8');
}

/** Where the line ends that began at `lineStart` and goes on at `from`; undefined where the chunk has no end of it. */
function lineEnd(chunk: Uint8Array, from: number, lineStart: number): number | undefined {
  const at = chunk.indexOf(newline, from);
  const longest = lineStart + longestLineBytes;
  if (at >= 0 && at < longest) return at + 1;
  return longest <= chunk.length ? longest : undefined;
}
