// SPDX-License-Identifier: GPL-2.0-or-later
import { AppendFile } from '../append-file.ts';
import { LineMarks } from './line-marks.ts';
import { marksPath, removeLog } from './log-paths.ts';

/**
 * Writes a log as plain text that `tail -f` can follow, and beside it, once it is large, where its lines are, so that others
 * can read any part of it at once. What was there under this name is replaced.
 */
export class LogWriter implements Disposable {
  readonly #path: string;
  readonly #text: AppendFile;
  readonly #lines = new LineMarks();
  #marks: AppendFile | undefined;

  /** Throws PasekaError disk-full. */
  constructor(path: string) {
    this.#path = path;
    removeLog(path);
    this.#text = new AppendFile(path);
  }

  /** Throws PasekaError disk-full. */
  write(data: Uint8Array): void {
    this.#text.write(data);
    const marks = this.#lines.add(data);
    if (marks.length === 0) return;
    this.#marks ??= new AppendFile(marksPath(this.#path));
    this.#marks.write(new Float64Array(marks.flatMap(({ offset, lines }) => [offset, lines])));
  }

  [Symbol.dispose](): void {
    this.#marks?.[Symbol.dispose]();
    this.#text[Symbol.dispose]();
  }
}
