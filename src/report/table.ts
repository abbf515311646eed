// SPDX-License-Identifier: GPL-2.0-or-later
import { stripVTControlCharacters } from 'node:util';

/** Columns as wide as their widest cell, two blanks apart. `alignRight` has a 1 for each column of numbers. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignRight: readonly number[] = [],
): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => visibleWidth(row[column] ?? ''))));
  return all
    .map((row) =>
      widths
        .map((width, column) => pad(row[column] ?? '', width, alignRight[column] === 1))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Columns that a text takes, escape sequences not counted. */
export function visibleWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function pad(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return right ? blanks + text : text + blanks;
}
