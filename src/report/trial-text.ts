// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { decisiveLine } from '../events/decisive-line.ts';
import { isPassed } from '../events/outcome.ts';
import type { Style } from './style.ts';

/** The campaign without the change, as far as a summary tells of it. */
export type Baseline = Pick<CampaignState, 'id' | 'cancelled'>;

/**
 * What a change did, for people: regressions first, each with the line that decides it; what was not compared, and what
 * that means. Empty where no task was judged.
 */
export function trialText(state: CampaignState, baseline: Baseline | undefined, style: Style): string {
  const tasks = [...state.tasks.values()];
  const judged = (verdict: TaskState['verdict']): TaskState[] =>
    tasks.filter((task) => task.verdict === verdict);
  const unknown = tasks.filter(isUncompared);
  if (state.totals.byVerdict.size === 0 && unknown.length === 0) return '';
  const lines = [
    ...detailed('regression', judged('regression'), style.bad),
    ...detailed('newly unsatisfiable', judged('newly-unsatisfiable'), style.bad),
    ...named('fixed by the change', judged('fixed'), style.good),
    ...detailed('flaky (failed and, tried again, built)', judged('flaky'), style.warn),
    ...named('already broken without the change', judged('already-broken'), style.warn),
    ...detailed(
      'nothing can be said (a fault of this host or of the mirror)',
      judged('host-fault'),
      style.warn,
    ),
    ...named('not compared', unknown, style.warn),
  ];
  if (unknown.length > 0) lines.push(`  ${whyUncompared(baseline, state.id)}`);
  const worse = judged('regression').length + judged('newly-unsatisfiable').length;
  const compared = tasks.filter((task) => task.verdict !== undefined && !isUntold(task)).length;
  const all = tasks.length === 1 ? '1 source' : `${tasks.length} sources`;
  const verdict =
    worse > 0
      ? style.bad(`the change breaks ${worse} of ${all}`)
      : compared < tasks.length
        ? style.warn(`no regression among what was compared (${compared} of ${tasks.length})`)
        : style.good(`no regression in ${all}`);
  return `${[...lines, verdict].join('\n')}\n`;
}

/** Failed with the change, and nobody knows whether without it too. */
export function isUncompared({ outcome, verdict }: TaskState): boolean {
  return verdict === undefined && outcome !== undefined && !isPassed(outcome) && outcome.kind !== 'cancelled';
}

/** Not built with the change, and a fault of this host or of the mirror keeps one from saying whether that is new. */
export function isUntold({ outcome, verdict }: TaskState): boolean {
  return verdict === 'host-fault' && outcome !== undefined && !isPassed(outcome);
}

function whyUncompared(baseline: Baseline | undefined, id: string): string {
  const means = 'they failed with the change, and may have been broken before';
  if (baseline === undefined) return `${means}: they were not built without it`;
  if (!baseline.cancelled) return `${means}: the baseline ${baseline.id} says nothing of them`;
  return `${means}: the baseline was cancelled; \`paseka campaign resume ${id}\` goes on`;
}

function detailed(title: string, tasks: readonly TaskState[], mark: (text: string) => string): string[] {
  return tasks.map((task) => {
    const failure = task.attempts.findLast(
      ({ outcome }) => outcome !== undefined && !isPassed(outcome),
    )?.outcome;
    const shown = task.outcome === undefined || isPassed(task.outcome) ? failure : task.outcome;
    return `${mark(`${title}:`)} ${task.source} ${task.version}: ${shown === undefined ? '' : decisiveLine(shown)}`;
  });
}

function named(title: string, tasks: readonly TaskState[], mark: (text: string) => string): string[] {
  if (tasks.length === 0) return [];
  return [`${mark(`${title}:`)} ${tasks.map(({ source }) => source).join(', ')}`];
}
