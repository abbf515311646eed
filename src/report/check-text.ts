// SPDX-License-Identifier: GPL-2.0-or-later
import { formatDuration } from '../base/duration.ts';
import type { ArchiveCheck, ArchiveComparison } from '../distro/archive-check.ts';
import type { Verbosity } from './plain-lines.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** How a text is to be written. */
interface Manner {
  readonly style: Style;
  readonly verbosity: Verbosity;
}

/** A table of each kind, a line for each fact; under --quiet without the totals. */
export function checkText(found: ArchiveCheck, wallMs: number, manner: Manner): string {
  const { unsatisfiable, uninstallable } = found;
  const counts = `${unsatisfiable.length} unsatisfiable sources, ${uninstallable.length} uninstallable packages`;
  return joinParts(brokenTables(found, manner.style), [counts, `found in ${formatDuration(wallMs)}`], manner);
}

/** As {@link checkText}, of what is newly broken. */
export function comparisonText(found: ArchiveComparison, wallMs: number, manner: Manner): string {
  const { style } = manner;
  const { unmet, unsatisfiable, uninstallable, mended } = found;
  const parts = brokenTables(found, style);
  if (unmet.length > 0) {
    const rows = unmet.flatMap((one) =>
      rowsOf([one.package, one.version, one.architecture, one.dependency], one.why, style),
    );
    const header = ['package', 'version', 'architecture', 'unmet dependency', 'what there is'];
    parts.unshift(renderTable(header.map(style.dim), rows));
  }
  const counts = [
    `${unmet.length} new unmet dependencies`,
    `${unsatisfiable.length} newly unsatisfiable sources`,
    `${uninstallable.length} newly uninstallable packages`,
  ];
  const better = [
    `mended: ${mended.unmet} dependencies`,
    `${mended.unsatisfiable} sources`,
    `${mended.uninstallable} packages`,
  ];
  return joinParts(
    parts,
    [`${counts.join(', ')} (${better.join(', ')})`, `found in ${formatDuration(wallMs)}`],
    manner,
  );
}

function brokenTables({ unsatisfiable, uninstallable }: ArchiveCheck, style: Style): string[] {
  const parts: string[] = [];
  if (unsatisfiable.length > 0) {
    const rows = unsatisfiable.flatMap(({ source, version, why }) => rowsOf([source, version], why, style));
    parts.push(renderTable(['source', 'version', 'why its build dependencies fail'].map(style.dim), rows));
  }
  if (uninstallable.length > 0) {
    const rows = uninstallable.flatMap(({ package: name, version, architecture, why }) =>
      rowsOf([name, version, architecture], why, style),
    );
    const header = ['package', 'version', 'architecture', 'why it is not installable'];
    parts.push(renderTable(header.map(style.dim), rows));
  }
  return parts;
}

function joinParts(tables: readonly string[], totals: readonly string[], { verbosity }: Manner): string {
  const parts = verbosity === 'quiet' ? tables : [...tables, totals.join(', ')];
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}

function rowsOf([name = '', ...rest]: readonly string[], why: string, style: Style): string[][] {
  const blank = rest.map(() => '');
  const [first = '', ...more] = why.split('\n');
  return [[style.bad(name), ...rest, first], ...more.map((line) => ['', ...blank, line])];
}
