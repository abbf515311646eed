// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FailureReader } from '../../src/campaign/classify/failure-reader.ts';
import { debianFailures } from '../../src/distro/deb/failure-rules.ts';
import { rpmFailures } from '../../src/distro/rpm/failure-rules.ts';
import type { Failure } from '../../src/events/failure.ts';

const directory = join(import.meta.dirname, '../fixtures/failed-logs');

/** A log of a real build that was broken on purpose, with what a person says of it. */
const labelled = z.strictObject({
  /** Below the directory of fixtures: `CLASS/NAME.log`, of RPM sources `rpm/CLASS/NAME.log`. */
  log: z.string(),
  class: z.string(),
  /** The lines of which any may be named as the first that decides. */
  lines: z.array(z.int().positive()).min(1),
  stage: z.string(),
  source: z.string(),
  version: z.string(),
  suite: z.string(),
  /** How the build was broken. */
  made: z.string(),
  /** Labelled, but not looked at when rules were written. */
  heldOut: z.boolean(),
});
export type LabelledLog = z.infer<typeof labelled>;

export interface JudgedLog extends LabelledLog {
  readonly failure: Failure;
  readonly isClassRight: boolean;
  readonly isLineRight: boolean;
}

/** The labelled set, each log read by the classifier. */
export function judgeFailedLogs(): readonly JudgedLog[] {
  const index = z.array(labelled).parse(JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')));
  return index.map((log) => {
    const failure = readFailure(readFailedLog(log.log), log);
    return {
      ...log,
      failure,
      isClassRight: failure.class === log.class,
      isLineRight: log.lines.includes(failure.lines[0]?.line ?? 0),
    };
  });
}

/** The text of a log of the set. */
export function readFailedLog(log: string): string {
  return readFileSync(join(directory, log), 'utf8');
}

/** What the classifier says of a log's text. */
export function readFailure(text: string, named: Pick<LabelledLog, 'log' | 'source' | 'version'>): Failure {
  const reader = new FailureReader(isRpmLog(named) ? rpmFailures : debianFailures, named);
  for (const line of text.split('\n')) reader.take(line);
  return reader.end('');
}

/** Whether it is of a build of an RPM source. */
export function isRpmLog({ log }: Pick<LabelledLog, 'log'>): boolean {
  return log.startsWith('rpm/');
}

export interface Score {
  readonly logs: number;
  /** Of those that were given a class, the part that was given the right one. */
  readonly precision: number;
  /** Of all, the part that was given the right class. */
  readonly recall: number;
  /** Of all, the part whose first line is one that a person named. */
  readonly decisiveLine: number;
}

export function scoreOf(logs: readonly JudgedLog[]): Score {
  const right = logs.filter((log) => log.isClassRight).length;
  const given = logs.filter((log) => log.failure.class !== 'unknown').length;
  return {
    logs: logs.length,
    precision: given === 0 ? 0 : right / given,
    recall: right / logs.length,
    decisiveLine: logs.filter((log) => log.isLineRight).length / logs.length,
  };
}

/** A row for each class and for each part of the set, as text. */
export function scoreTable(logs: readonly JudgedLog[]): string {
  const classes = [...new Set(logs.map((log) => log.class))].toSorted();
  const rows: [string, readonly JudgedLog[]][] = [
    ...classes.map((name): [string, readonly JudgedLog[]] => [
      name,
      logs.filter((log) => log.class === name),
    ]),
    ['seen when rules were written', logs.filter((log) => !log.heldOut)],
    ['held out', logs.filter((log) => log.heldOut)],
    ['of RPM sources', logs.filter(isRpmLog)],
    ['all', logs],
  ];
  const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`.padStart(8);
  return [
    `${''.padEnd(30)} logs  precision    recall  decisive line`,
    ...rows.map(([name, part]) => {
      const score = scoreOf(part);
      return `${name.padEnd(30)} ${String(score.logs).padStart(4)}  ${percent(score.precision)}  ${percent(score.recall)}       ${percent(score.decisiveLine)}`;
    }),
  ].join('\n');
}

/** What went wrong, a line each: which log, what was expected, what was said. */
export function mistakes(logs: readonly JudgedLog[]): string[] {
  return logs
    .filter((log) => !log.isClassRight || !log.isLineRight)
    .map(({ log, failure, lines, heldOut }) => {
      const [first] = failure.lines;
      return `${heldOut ? '(held out) ' : ''}${log}: said ${failure.class} by ${first?.line ?? 'no line'} (${first?.text.trim().slice(0, 90) ?? ''}), expected line ${lines.join(' or ')}`;
    });
}
