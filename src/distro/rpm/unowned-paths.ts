// SPDX-License-Identifier: GPL-2.0-or-later
import type { CommandEnd, CommandRoot } from '../root.ts';

export type UnownedPaths =
  | { readonly kind: 'found'; readonly paths: readonly string[] }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

/** Below what a command's words may have altogether, by a wide margin. */
const mostBytes = 256 * 1024;

/** Which of these paths no package in the root owns, found in one start of a sandbox. Names with line breaks are never among them. */
export async function findUnownedPaths(root: CommandRoot, paths: readonly string[]): Promise<UnownedPaths> {
  if (paths.length === 0) return { kind: 'found', paths: [] };
  const queries = inBatches(paths.map(quoted)).map(
    (words) => `rpm --query --file --qf '' ${words.join(' ')}`,
  );
  const { end, output } = await root.run({
    command: ['/bin/sh', '-c', 'eval "$(cat)"'],
    identity: 'root',
    input: queries.join('\n'),
    output: 'capture',
  });
  if (end.kind !== 'exited') return { kind: 'interrupted', end };
  const unowned = new Set(
    output.split('\n').flatMap((line) => /^file (\/.*) is not owned by any package$/.exec(line)?.[1] ?? []),
  );
  return { kind: 'found', paths: paths.filter((path) => unowned.has(path)) };
}

/** For a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function inBatches(words: readonly string[]): string[][] {
  const batches: string[][] = [[]];
  let bytes = 0;
  for (const word of words) {
    bytes += Buffer.byteLength(word) + 1;
    if (bytes > mostBytes) {
      bytes = Buffer.byteLength(word) + 1;
      batches.push([]);
    }
    batches.at(-1)?.push(word);
  }
  return batches;
}
