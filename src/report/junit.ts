// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { shareOf } from '../events/campaign-figures.ts';
import type { CampaignState, InstallCheckState, TaskState } from '../events/campaign-state.ts';
import type { InstallCheckOutcome, Outcome } from '../events/outcome.ts';
import { outcomeText } from '../events/outcome-text.ts';

/** What a test case says of itself besides its name. */
interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly result: Result;
}

type Result =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | {
      readonly kind: 'failure' | 'error';
      readonly type: string;
      readonly message: string;
      readonly text: string;
    };

/**
 * A campaign as JUnit XML, in the dialect of Jenkins and GitLab: a suite of builds and one of install checks. The package's
 * failures are failures, this host's and the mirror's are errors, what was cancelled, has not ended or is not for the architecture is skipped.
 */
export function junitXml(state: CampaignState): string {
  const tasks = [...state.tasks.values()];
  const builds = tasks.map(buildCase);
  const checks = tasks.flatMap((task) => task.installChecks.map((check) => checkCase(task, check)));
  const suites = [
    ['builds', builds],
    ['install-checks', checks],
  ] as const;
  const name = `${state.suite} ${state.architecture} ${state.id}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...countsOf([...builds, ...checks]) })}>`,
    ...suites.flatMap(([suite, cases]) => suiteLines(state, suite, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(state: CampaignState, suite: string, cases: readonly Case[]): string[] {
  const counts = countsOf(cases);
  const skipped = cases.filter(({ result }) => result.kind === 'skipped').length;
  const timestamp = new Date(state.startedAt).toISOString().slice(0, 19);
  const head = { name: suite, ...counts, skipped: String(skipped), timestamp };
  const classname = `${state.suite}.${state.architecture}.${suite}`;
  return [
    `  <testsuite${attributes(head)}>`,
    ...cases.flatMap((one) => caseLines(one, classname)),
    '  </testsuite>',
  ];
}

function caseLines({ name, seconds, result }: Case, classname: string): string[] {
  const head = `    <testcase${attributes({ name, classname, time: seconds.toFixed(3) })}`;
  switch (result.kind) {
    case 'passed':
      return [`${head}/>`];
    case 'skipped':
      return [`${head}>`, `      <skipped${attributes({ message: result.message })}/>`, '    </testcase>'];
    case 'failure':
    case 'error': {
      const { type, message } = result;
      const open = `      <${result.kind}${attributes({ message, type })}>`;
      return [`${head}>`, `${open}${escapeXml(result.text)}</${result.kind}>`, '    </testcase>'];
    }
    default:
      return unreachable(result);
  }
}

function countsOf(cases: readonly Case[]): Readonly<Record<string, string>> {
  const count = (kind: Result['kind']): string =>
    String(cases.filter(({ result }) => result.kind === kind).length);
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    time: seconds.toFixed(3),
  };
}

function buildCase(task: TaskState): Case {
  const name = `${task.source} ${task.version}`;
  const seconds = (task.attempts.at(-1)?.usage?.wallMs ?? 0) / 1000;
  if (task.outcome === undefined) return { name, seconds, result: { kind: 'skipped', message: 'not ended' } };
  return { name, seconds, result: resultOf(task.outcome) };
}

function checkCase(task: TaskState, check: InstallCheckState): Case {
  const name = `${check.package} ${check.version} (${task.source})`;
  return { name, seconds: check.wallMs / 1000, result: resultOf(check.outcome) };
}

function resultOf(outcome: Outcome | InstallCheckOutcome): Result {
  const { words, reason } = outcomeText(outcome);
  const failure = outcome.kind === 'failed' && 'failure' in outcome ? outcome.failure : undefined;
  const lines = failure?.lines.map(({ line, text }) => `${line}: ${text}`) ?? [];
  const message = [words, reason.split('\n', 1)[0]].filter((part) => part !== '').join(': ');
  const text = [reason, ...lines].filter((part) => part !== '').join('\n');
  // an install check that passed is to its package what a build is to its source
  const share = outcome.kind === 'passed' ? 'built' : shareOf(outcome.kind);
  switch (share) {
    case 'built':
      return { kind: 'passed' };
    case 'cancelled':
    case 'elsewhere':
      return { kind: 'skipped', message };
    case 'host':
      return { kind: 'error', type: outcome.kind, message, text };
    case 'failed':
    case 'unsatisfiable':
    case 'limit':
      return { kind: 'failure', type: failure?.class ?? outcome.kind, message, text };
    default:
      return unreachable(share);
  }
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no place for most control characters and for halves of a pair: they become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
