// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { shareOf } from '../events/campaign-figures.ts';
import type { TaskState } from '../events/campaign-state.ts';
import type { Outcome } from '../events/outcome.ts';
import { type AttemptOrigin, type CampaignRecord, failingSince, timeOf } from './campaign-record.ts';

/** A package that was tried: a file with its log at `place/name`. */
export interface TreeEntry {
  readonly place: 'success' | 'error';
  /** `name-version`, with the release of the distribution in it. */
  readonly name: string;
  readonly task: TaskState;
  readonly origin: AttemptOrigin | undefined;
  readonly seconds: number;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** Everything that was tried, by name. What was cancelled, or could not be tried here, is no part of it. */
export function treeEntries(record: CampaignRecord): TreeEntry[] {
  const entries = new Map<string, TreeEntry>();
  for (const task of record.state.tasks.values()) {
    const place = task.outcome === undefined ? undefined : placeOf(task.outcome);
    if (place === undefined) continue;
    const origin = record.originOf(task);
    const name = `${task.source}-${task.version}`.replaceAll('/', '%');
    const seconds = Math.round((origin?.attempt.usage?.wallMs ?? 0) / 1000);
    entries.set(name, { place, name, task, origin, seconds });
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `time.list`: a line for every package that was tried, with the seconds that it took. */
export function timeList(entries: readonly TreeEntry[]): string {
  return entries.map(({ name, seconds }) => `${name} ${seconds}\n`).join('');
}

/** `ftbfs-since`: a source and the Unix time of its first failure in a row, with a tab between them. */
export function ftbfsSince(record: CampaignRecord, entries: readonly TreeEntry[]): string {
  return failingSince(record, failedTasks(entries))
    .map(({ source, since }) => `${source}\t${Math.floor(since / 1000)}\n`)
    .join('');
}

/** `ftbfs-joined`: source, version, whole weeks that it fails, maintainers, with tabs between them. */
export function ftbfsJoined(record: CampaignRecord, entries: readonly TreeEntry[]): string {
  return failingSince(record, failedTasks(entries))
    .map(({ source, version, since }) => {
      const weeks = Math.max(0, Math.floor((timeOf(record) - since) / weekMs));
      const maintainers = record.maintainersOf(source).join(', ').replaceAll(/\s+/g, ' ');
      return `${source}\t${version}\t${weeks}\t${maintainers}\n`;
    })
    .join('');
}

function failedTasks(entries: readonly TreeEntry[]): TaskState[] {
  return entries.filter(({ place }) => place === 'error').map(({ task }) => task);
}

/** A host's fault, a file that the mirror lacks and another architecture say nothing of the package. */
function placeOf(outcome: Outcome): TreeEntry['place'] | undefined {
  const share = shareOf(outcome.kind);
  switch (share) {
    case 'built':
      return 'success';
    case 'failed':
    case 'unsatisfiable':
    case 'limit':
      return 'error';
    case 'host':
    case 'cancelled':
    case 'elsewhere':
      return undefined;
    default:
      return unreachable(share);
  }
}
