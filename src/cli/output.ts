// SPDX-License-Identifier: GPL-2.0-or-later
import type { Verbosity } from '../report/plain-lines.ts';
import { makeStyle, type Style } from '../report/style.ts';
import type { CommonOptions } from './options.ts';

/** Where a verb's words go: results to standard output, progress to standard error. */
export interface Output {
  readonly isJson: boolean;
  readonly verbosity: Verbosity;
  /** For what goes to standard output. */
  readonly style: Style;
  /** For what goes to standard error. */
  readonly errorStyle: Style;
  /** The verb's result: its document under --json, else its text. */
  readonly result: (document: object, text: () => string) => void;
  /** Progress for people; nothing under --quiet. */
  readonly progress: (line: string) => void;
  /** Something that the user has to know. */
  readonly warning: (line: string) => void;
  /** Until it is disposed, progress and warnings are written by this: whoever draws on the terminal knows where. */
  readonly writeLinesBy: (write: (line: string) => void) => Disposable;
}

export function makeOutput(options: CommonOptions): Output {
  const verbosity: Verbosity = options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal';
  const hasColours = (stream: NodeJS.WriteStream): boolean =>
    stream.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb';
  const style = makeStyle(hasColours(process.stdout));
  const errorStyle = makeStyle(hasColours(process.stderr));
  const writeLine = (line: string): void => void process.stderr.write(`${line}\n`);
  let write = writeLine;
  return {
    isJson: options.json,
    verbosity,
    style,
    errorStyle,
    result: (document, text) => {
      if (options.json) process.stdout.write(`${JSON.stringify(document)}\n`);
      else process.stdout.write(text());
    },
    progress: (line) => {
      if (verbosity !== 'quiet') write(line);
    },
    warning: (line) => {
      write(`${errorStyle.warn('warning:')} ${line}`);
    },
    writeLinesBy: (other) => {
      write = other;
      return {
        [Symbol.dispose]: () => {
          write = writeLine;
        },
      };
    },
  };
}
