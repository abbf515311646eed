// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { Verdict } from '../events/events.ts';
import { failureClusters } from '../events/failure-clusters.ts';
import { outcomeText } from '../events/outcome-text.ts';
import { type CampaignRecord, failingSince } from './campaign-record.ts';
import { makeStyle } from './style.ts';
import { totalsLine } from './summary-table.ts';
import { treeEntries } from './tree-lists.ts';

/** First failures in a row, by source. */
type Since = ReadonlyMap<string, number>;

const smallestCluster = 2;

/** A summary for mail: a subject line, counts, then what its reader has to act on first. */
export function mailText(record: CampaignRecord): string {
  const { state } = record;
  const failed = treeEntries(record).flatMap(({ place, task }) => (place === 'error' ? [task] : []));
  const since = new Map(failingSince(record, failed).map((one) => [one.source, one.since]));
  const sections = [
    verdictSection(state, since, 'regression', 'Regressions: built without the change only'),
    verdictSection(
      state,
      since,
      'newly-unsatisfiable',
      'Newly unsatisfiable: what they need can be had without the change only',
    ),
    clusterSection(state),
    failureSection(state, since, failed),
    verdictSection(state, since, 'fixed', 'Fixed: built with the change only'),
    verdictSection(state, since, 'flaky', 'Flaky: failed and, tried again, built'),
    hostSection(state),
  ];
  const head = [
    `Subject: ${subject(record)}`,
    '',
    `Campaign:  ${state.id}, begun ${dateText(state.startedAt)}`,
    `Snapshot:  ${state.snapshot.slice(0, 12)} (${state.suite}, ${state.architecture})`,
    ...changeLines(record),
    `Result:    ${totalsLine(state, makeStyle(false))}`,
  ];
  return `${[head.join('\n'), ...sections.filter((section) => section !== '')].join('\n\n')}\n`;
}

function subject(record: CampaignRecord): string {
  const { state } = record;
  const regressions =
    (state.totals.byVerdict.get('regression') ?? 0) +
    (state.totals.byVerdict.get('newly-unsatisfiable') ?? 0);
  const entries = treeEntries(record);
  const failed = entries.filter(({ place }) => place === 'error').length;
  const counts = [
    ...(regressions > 0 ? [`${regressions} regression${regressions === 1 ? '' : 's'}`] : []),
    `${failed} of ${entries.length} failed`,
  ];
  const open = state.totals.tasks - state.totals.ended;
  const rest = open > 0 ? `, ${open} not ended` : '';
  return `[paseka] ${state.suite} ${state.architecture}: ${counts.join(', ')}${rest} (${state.id})`;
}

function changeLines({ state }: CampaignRecord): string[] {
  if (state.change === undefined) return [];
  const names = state.change.packages.map(({ name, version }) => `${name} ${version}`);
  const shown = names.slice(0, 10).join(', ');
  return [`Change:    ${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`];
}

function verdictSection(state: CampaignState, since: Since, verdict: Verdict, title: string): string {
  const tasks = [...state.tasks.values()].filter((task) => task.verdict === verdict);
  const lines = tasks.map((task) => taskLine(state, since, task));
  return section(title, lines);
}

function clusterSection(state: CampaignState): string {
  const lines = failureClusters(state)
    .filter(({ tasks }) => tasks.length >= smallestCluster)
    .map((cluster) => {
      const names = cluster.tasks.map((task) => state.tasks.get(task)?.source ?? '');
      const what = [cluster.class ?? cluster.kind, cluster.line].filter((part) => part !== '').join(': ');
      return `  ${cluster.tasks.length} sources: ${plain(what)}\n      ${names.join(' ')}`;
    });
  return section('Failures with the same cause', lines);
}

/** What failed and has not been told above. */
function failureSection(state: CampaignState, since: Since, failed: readonly TaskState[]): string {
  const told: readonly (Verdict | undefined)[] = ['regression', 'newly-unsatisfiable'];
  const lines = failed
    .filter(({ verdict }) => !told.includes(verdict))
    .map((task) => taskLine(state, since, task));
  return section('Failed', lines);
}

function hostSection(state: CampaignState): string {
  const tasks = [...state.tasks.values()].filter(
    ({ outcome }) => outcome?.kind === 'host-fault' || outcome?.kind === 'file-missing',
  );
  const lines = tasks.map((task) => `  ${task.source} ${task.version}: ${reasonOf(task)}`);
  return section('Could not be tried here, which says nothing of them', lines);
}

function taskLine(state: CampaignState, since: Since, task: TaskState): string {
  const name = `  ${task.source} ${task.version}`;
  if (task.outcome === undefined || task.outcome.kind === 'built') return name;
  const first = since.get(task.source) ?? state.startedAt;
  const history = first < state.startedAt ? `\n      fails since ${dateText(first)}` : '';
  return `${name}: ${reasonOf(task)}${history}`;
}

function reasonOf({ outcome }: TaskState): string {
  if (outcome === undefined) return 'not ended';
  const { words, reason } = outcomeText(outcome);
  const decisive = outcome.kind === 'failed' ? outcome.failure?.lines[0]?.text : undefined;
  return plain([words, decisive ?? reason.split('\n', 1)[0] ?? ''].filter((part) => part !== '').join(': '));
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title} (${lines.length})\n${lines.join('\n')}`;
}

function dateText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What a mail has no place for becomes U+FFFD. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
