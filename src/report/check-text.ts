// SPDX-License-Identifier: GPL-2.0-or-later
import { formatDuration } from '../base/duration.ts';
import type { FileChanges, NamedPackage } from '../campaign/change/change-report.ts';
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

/** As {@link checkText}, of what is newly broken, and what could not be looked at. */
export function comparisonText(
  found: ArchiveComparison,
  changes: FileChanges,
  wallMs: number,
  manner: Manner,
): string {
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
  parts.push(...fileTables(changes, style));
  const files = filesLine(changes);
  if (files !== undefined && manner.verbosity !== 'quiet') parts.push(files);
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

function fileTables({ fileClashes, undefinedSymbols, lostSymbols }: FileChanges, style: Style): string[] {
  const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : [renderTable(header.map(style.dim), rows)];
  const clashes = fileClashes.map(({ path, changed, other }) => [
    style.bad(path),
    label(changed),
    label(other),
  ]);
  const undefineds = undefinedSymbols.map((one) => [style.bad(label(one)), one.file, someOf(one.symbols)]);
  const lost = lostSymbols.flatMap((one) => {
    const what = one.symbols.length === 0 ? 'the whole library' : someOf(one.symbols);
    const users = one.users.map((user) => [
      '',
      `used by ${style.bad(label(user))}`,
      `${user.file} ${someOf(user.symbols)}`,
    ]);
    return [[style.bad(label(one)), one.library, what], ...users];
  });
  return [
    ...table(['file of two packages', 'changed', 'other'], clashes),
    ...table(['package', 'file', 'symbols that it does not find'], undefineds),
    ...table(['package', 'library', 'symbols that it lost'], lost),
  ];
}

/** What was looked at, in a line; undefined where files are no matter. */
function filesLine({ lookedAt, notLookedAt, ...found }: FileChanges): string | undefined {
  if (lookedAt.changed + notLookedAt.length === 0) return undefined;
  const counts = [
    `${found.fileClashes.length} files of two packages`,
    `${found.undefinedSymbols.length} files with new undefined symbols`,
    `${found.lostSymbols.length} libraries that lost some`,
  ];
  const looked = `looked at the files of ${lookedAt.changed} changed packages and of ${lookedAt.others} of ${lookedAt.allOthers} others`;
  const rest =
    notLookedAt.length === 0
      ? ''
      : `; not looked at: ${someOf(notLookedAt.map(label))} (--fetch brings what can be fetched)`;
  return `${counts.join(', ')}; ${looked}${rest}`;
}

const mostShown = 8;

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).join(' ');
  return names.length > mostShown ? `${shown} and ${names.length - mostShown} more` : shown;
}

function label(one: NamedPackage): string {
  return `${one.package} ${one.version}`;
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
