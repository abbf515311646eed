// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import { type Judgement, judgeTask } from './judge.ts';

/** What became of a source from one campaign to another. */
export interface ComparedSource {
  readonly source: string;
  /** `only-before`, `only-after`: the other campaign has no such source. */
  readonly verdict: Judgement | 'only-before' | 'only-after';
  readonly before?: TaskState;
  readonly after?: TaskState;
}

export interface CampaignComparison {
  readonly before: CampaignState;
  readonly after: CampaignState;
  /** What got worse first; then by name. */
  readonly sources: readonly ComparedSource[];
  /** What the two differ in besides their results, for people. */
  readonly notes: readonly string[];
}

/** The order in which people want to read. */
export const verdictOrder: readonly ComparedSource['verdict'][] = [
  'regression',
  'newly-unsatisfiable',
  'flaky',
  'fixed',
  'already-broken',
  'host-fault',
  'not-compared',
  'only-before',
  'only-after',
  'unchanged',
];

/** Whether a verdict says that something got worse. */
export function isWorse(verdict: ComparedSource['verdict'] | undefined): boolean {
  return verdict === 'regression' || verdict === 'newly-unsatisfiable';
}

/**
 * Compares two campaigns source by source: `before` is the baseline, `after` the candidate. Sources are the same by name,
 * whatever their versions; where a campaign has a name more than once, by name and version. Throws PasekaError
 * bad-option where the architectures differ.
 */
export function compareCampaigns(before: CampaignState, after: CampaignState): CampaignComparison {
  if (before.architecture !== after.architecture) {
    throw new PasekaError(
      'bad-option',
      `${before.id} is of ${before.architecture}, ${after.id} of ${after.architecture}: they can't be compared`,
      'name two campaigns of one architecture; `paseka campaign list` shows it',
    );
  }
  const repeated = new Set([...repeatedNames(before), ...repeatedNames(after)]);
  const keyOf = ({ source, version }: TaskState): string =>
    repeated.has(source) ? `${source} ${version}` : source;
  const old = new Map([...before.tasks.values()].map((task) => [keyOf(task), task]));
  const fresh = new Map([...after.tasks.values()].map((task) => [keyOf(task), task]));
  const sources = [...new Set([...old.keys(), ...fresh.keys()])].map((key) =>
    compared(old.get(key), fresh.get(key)),
  );
  sources.sort(
    (a, b) =>
      verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) || (a.source < b.source ? -1 : 1),
  );
  return { before, after, sources, notes: notesOn(before, after) };
}

function compared(before: TaskState | undefined, after: TaskState | undefined): ComparedSource {
  const source = (before ?? after)?.source ?? '';
  if (after === undefined)
    return { source, verdict: 'only-before', ...(before === undefined ? {} : { before }) };
  if (before === undefined) return { source, verdict: 'only-after', after };
  return { source, verdict: judgeTask(after, before), before, after };
}

function* repeatedNames({ tasks }: CampaignState): Generator<string> {
  const seen = new Set<string>();
  for (const { source } of tasks.values()) {
    if (seen.has(source)) yield source;
    seen.add(source);
  }
}

function notesOn(before: CampaignState, after: CampaignState): string[] {
  const notes: string[] = [];
  if (before.suite !== after.suite) notes.push(`different suites: ${before.suite} and ${after.suite}`);
  if (before.snapshot !== after.snapshot) {
    const [one, other] = [before.snapshot.slice(0, 12), after.snapshot.slice(0, 12)];
    notes.push(`different snapshots: ${one} and ${other}; what changed is not only what was tried`);
  }
  for (const { id, endedAt, cancelled } of [before, after]) {
    if (endedAt === undefined) notes.push(`${id} has not ended`);
    else if (cancelled) notes.push(`${id} was cancelled: what it did not build is not compared`);
  }
  return notes;
}
