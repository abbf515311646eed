// SPDX-License-Identifier: GPL-2.0-or-later
import { LogWriter } from '../host/log/log-writer.ts';

const tailBytes = 64 * 1024;

/**
 * The log of one attempt: timestamped headings of our own, between them exactly what the tools said. Streamed while
 * it runs: `tail -f` follows it.
 */
export class AttemptLog implements Disposable {
  readonly path: string;
  readonly #file: LogWriter;
  readonly #now: () => number;
  readonly #started: number;
  readonly #onOutput: ((text: Uint8Array) => void) | undefined;
  #atLineStart = true;

  constructor(path: string, now: () => number, onOutput?: (text: Uint8Array) => void) {
    this.path = path;
    this.#file = new LogWriter(path);
    this.#now = now;
    this.#started = now();
    this.#onOutput = onOutput;
  }

  /** `== 2026-03-01T12:00:00.000Z +4.2s build ==` on a line of its own. */
  heading(text: string): void {
    const now = this.#now();
    const elapsed = ((now - this.#started) / 1000).toFixed(1);
    this.#write(
      `${this.#atLineStart ? '' : '\n'}== ${new Date(now).toISOString()} +${elapsed}s ${text} ==\n`,
    );
  }

  /** A line of our own between the tools' output. */
  line(text: string): void {
    this.#write(`${this.#atLineStart ? '' : '\n'}${text}\n`);
  }

  /** Output of a tool, as it came. */
  output(chunk: Uint8Array): void {
    this.#write(chunk);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #write(data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (bytes.length === 0) return;
    this.#file.write(bytes);
    this.#onOutput?.(bytes);
    this.#atLineStart = bytes.at(-1) === 10;
  }
}

/** Keeps the last 64 KiB of what it is given, as text. */
export class OutputTail {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= tailBytes) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  toString(): string {
    return Buffer.concat(this.#chunks).subarray(-tailBytes).toString('utf8');
  }
}
