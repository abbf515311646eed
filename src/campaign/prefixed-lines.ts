// SPDX-License-Identifier: GPL-2.0-or-later

/** Longest line kept whole; a longer one is cut into several. */
const longestLineBytes = 64 * 1024;

/**
 * Puts a prefix before each line of a stream that comes in arbitrary chunks, so that the output of commands that run at
 * once stays readable. `write` gets whole lines, ended by a newline; call `end` for a last one without.
 */
export function prefixLines(
  prefix: string,
  write: (lines: Uint8Array) => void,
): { add(chunk: Uint8Array): void; end(): void } {
  const start = Buffer.from(prefix);
  let rest: Buffer = Buffer.alloc(0);
  const emit = (line: Uint8Array): void => write(Buffer.concat([start, line]));
  return {
    add: (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let newline = rest.indexOf(10); newline !== -1; newline = rest.indexOf(10)) {
        emit(rest.subarray(0, newline + 1));
        rest = rest.subarray(newline + 1);
      }
      while (rest.length >= longestLineBytes) {
        emit(Buffer.concat([rest.subarray(0, longestLineBytes), Buffer.from('\n')]));
        rest = rest.subarray(longestLineBytes);
      }
    },
    end: () => {
      if (rest.length > 0) emit(Buffer.concat([rest, Buffer.from('\n')]));
      rest = Buffer.alloc(0);
    },
  };
}
