// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../../base/bytes.ts';
import { formatDuration } from '../../base/duration.ts';
import type { CloneResult } from '../../campaign/run-in-clones.ts';
import { unsharedPaths } from '../../campaign/unshared-paths.ts';
import { renderTable } from '../../report/table.ts';
import type { Output } from '../output.ts';

/** What is told of a clone. */
export interface CloneDocument extends Omit<CloneResult, 'end'> {
  /** Those of the written paths that were to stay shared; absent where nothing was. */
  readonly unsharedPaths?: readonly string[];
}

export function cloneDocuments(
  results: readonly CloneResult[],
  wanted: { readonly at: string; readonly keepShared: readonly string[] | undefined },
): readonly CloneDocument[] {
  const { at, keepShared } = wanted;
  return results.map(({ end: _, ...clone }) =>
    keepShared === undefined
      ? clone
      : { ...clone, unsharedPaths: unsharedPaths(clone.writtenPaths, { at, globs: keepShared }) },
  );
}

/** A table with a line for each, and what they took together. */
export function renderClones(
  results: readonly CloneResult[],
  documents: readonly CloneDocument[],
  output: Output,
): string {
  const { style } = output;
  const isVerbose = output.verbosity === 'verbose';
  const hasShared = documents.some(({ unsharedPaths: paths }) => paths !== undefined);
  const rows = results.map((clone, row) => {
    const unshared = documents[row]?.unsharedPaths?.length ?? 0;
    return [
      String(clone.index),
      clone.exitCode === 0 ? style.good('0') : style.bad(String(clone.exitCode ?? clone.end.kind)),
      formatBytes(clone.writtenBytes),
      formatDuration(clone.wallMs),
      ...(hasShared ? [unshared === 0 ? style.good('0') : style.warn(String(unshared))] : []),
      ...(isVerbose ? [clone.writtenPaths.join(' ')] : []),
    ];
  });
  const header = [
    ...['clone', 'status', 'written', 'time'],
    ...(hasShared ? ['not shared'] : []),
    ...(isVerbose ? ['paths'] : []),
  ];
  const total = results.reduce((sum, clone) => sum + clone.writtenBytes, 0);
  const table = renderTable(header.map(style.dim), rows, [1, 1, 1, 1, hasShared ? 1 : 0]);
  const unshared = [...new Set(documents.flatMap(({ unsharedPaths: paths }) => paths ?? []))].sort();
  const names = unshared.map((path) => `written instead of shared: ${path}\n`).join('');
  return `${table}\ntogether ${formatBytes(total)}\n${names}`;
}
