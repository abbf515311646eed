// SPDX-License-Identifier: GPL-2.0-or-later
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is given in pieces: what has no line ends is no text. */
const longestLine = 1024 * 1024;

/**
 * The lines of a text file without their ends, some thousand at a time and never the whole file at once. Bytes that are no
 * UTF-8 are replaced. Throws Node's ENOENT where there is no file.
 */
export async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) {
      lines.push(rest);
      rest = '';
    }
    yield lines;
  }
  rest += decoder.end();
  if (rest !== '') yield [rest];
}
