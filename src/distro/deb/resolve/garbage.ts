// SPDX-License-Identifier: GPL-2.0-or-later
import { compareVersions } from '../version.ts';
import type { AptBehaviour } from './apt-behaviour.ts';
import type { Marking } from './marking.ts';

/**
 * Takes out of a marking what nothing needs, as apt does before it shows its plan (pkgDepCache::MarkRequired): all that
 * can't be reached from the base and the request stays away. Dependencies, recommended and suggested packages are
 * followed (APT::AutoRemove::RecommendsImportant and SuggestsImportant are on by default) to everything to be installed
 * that satisfies them, but of one source's binaries only to those of its newest version. Returns the names left.
 */
export function sweepUnneeded(
  marking: Marking,
  changed: readonly number[],
  behaviour: AptBehaviour,
): number[] {
  const { universe } = marking;
  const reached = marking.newVisit();
  const queue = [universe.root];
  for (const name of universe.installedNames) queue.push(marking.install[name] ?? -1);
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    if (row < 0 || !reached.visit(row)) continue;
    follow(marking, universe.needsStart(row), universe.conflictsStart(row), behaviour, queue);
    follow(marking, universe.conflictsEnd(row), universe.suggestsEnd(row), behaviour, queue);
  }
  for (const name of changed) {
    if (!reached.isVisited(marking.install[name] ?? -1))
      marking.setInstall(name, universe.current[name] ?? -1);
  }
  return changed.filter((name) => marking.install[name] !== universe.current[name]);
}

function follow(
  marking: Marking,
  start: number,
  end: number,
  behaviour: AptBehaviour,
  queue: number[],
): void {
  const { universe } = marking;
  for (let index = start; index < end; index++) {
    let first = -1;
    let more: number[] | undefined;
    for (const row of universe.targets((universe.relations[index] ?? 0) >> 1)) {
      if (!marking.isInstalled(row)) continue;
      if (first < 0) first = row;
      else if (more === undefined) more = [first, row];
      else more.push(row);
    }
    if (more !== undefined) queue.push(...followed(marking, more, behaviour));
    else if (first >= 0) queue.push(first);
  }
}

/** Which of several packages that satisfy one dependency keep each other company. */
function followed(marking: Marking, rows: readonly number[], behaviour: AptBehaviour): number[] {
  const { universe } = marking;
  const bySource = new Map<string, { version: string; rows: number[] }>();
  for (const row of rows) {
    const [source = '', version = ''] = universe.sourceText(row).split(' ');
    const known = bySource.get(source);
    const order = known === undefined ? 1 : compareVersions(version, known.version);
    if (order > 0) bySource.set(source, { version, rows: [row] });
    else if (order === 0) known?.rows.push(row);
  }
  const kept = [...bySource.values()].flatMap((group) => group.rows);
  if (!behaviour.prefersInstalledProviders || bySource.size < 2) return kept;
  const installed = kept.filter((row) => (universe.current[universe.nameOfRow[row] ?? 0] ?? -1) >= 0);
  return installed.length > 0 ? installed : kept;
}
