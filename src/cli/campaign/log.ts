// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { PasekaError } from '../../base/paseka-error.ts';
import type { CampaignStore } from '../../db/campaign-store.ts';
import type { AttemptState, CampaignState, TaskState } from '../../events/campaign-state.ts';
import { currentLogPath } from '../../host/log/log-paths.ts';
import { followLog, type Log, type LogLine, openLog } from '../../host/log/open-log.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, countOption } from '../options.ts';
import { makeOutput } from '../output.ts';
import { catchStopSignals } from '../stop-signals.ts';
import type { Verb } from '../verb.ts';
import { findTasks } from './find-task.ts';
import { openCampaigns } from './open-campaigns.ts';
import { writeText } from './write-text.ts';

interface LineRange {
  readonly from: number;
  readonly count: number;
}

interface Options extends CommonOptions {
  readonly attempt?: number;
  readonly lines?: LineRange;
  readonly tail?: number;
  readonly search?: string;
  readonly number: boolean;
  readonly follow: boolean;
}

const linesAtOnce = 5000;
const lookEveryMs = 200;

/** `paseka campaign log`. */
export function logVerb(): Verb {
  const command = new Command('log')
    .description('print the log of a source, being written or ended')
    .argument('<ID>', "the campaign's id, or the beginning of it")
    .argument('<SOURCE>', 'NAME or NAME=VERSION')
    .option('--attempt <N>', 'of this attempt (default: the last)', countOption)
    .option('--lines <FROM-TO>', 'only these lines, counted from 1', rangeOption)
    .option('--tail <N>', 'only the last lines', countOption)
    .option('--search <TEXT>', 'only lines that hold this')
    .option('-n, --number', 'with line numbers', false)
    .option('-f, --follow', 'go on with what is written, until it has ended', false);
  return { command: addCommonOptions(command), run: runLog };
}

async function runLog(id: string, word: string, options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const state = store.state(store.find(id).id);
  const { task, attempt } = findAttempt(state, word, options.attempt);
  const path = join(campaigns.state.campaigns, state.id, attempt.log);
  await using log = await openLog(path);
  if (log === undefined) {
    throw new PasekaError('unknown-log', `the log ${path} is gone`, 'the campaign has it no more');
  }
  const { from, count } = rangeOf(log, options);
  const text = ({ line, text: words }: LogLine): string =>
    options.number ? `${String(line).padStart(6)}  ${words}\n` : `${words}\n`;
  if (options.follow) {
    using signals = catchStopSignals({ graceMs: 0, say: () => undefined });
    const end = new AbortController();
    const watch = setInterval(() => {
      if (!isUnderWay(store, state, task, attempt)) end.abort();
    }, lookEveryMs);
    const signal = AbortSignal.any([end.signal, signals.drain]);
    try {
      for await (const line of followLog(path, from, { everyMs: lookEveryMs, signal })) {
        await writeText(text(line));
      }
    } finally {
      clearInterval(watch);
    }
    return exitStatus.passed;
  }
  if (output.isJson) {
    const { source, version } = task;
    const lines = await read(log, from, count, options.search);
    const facts = { source, version, attempt: attempt.attempt, path: currentLogPath(path) };
    output.result({ log: { ...facts, lineCount: log.lineCount, from, lines } }, () => '');
    return exitStatus.passed;
  }
  for (let at = from; at < from + count; at += linesAtOnce) {
    const lines = await read(log, at, Math.min(linesAtOnce, from + count - at), options.search);
    await writeText(lines.map(text).join(''));
  }
  return exitStatus.passed;
}

async function read(log: Log, from: number, count: number, search: string | undefined): Promise<LogLine[]> {
  const lines = await log.lines(from, count);
  return search === undefined ? lines : lines.filter(({ text }) => text.includes(search));
}

function rangeOf(log: Log, { lines, tail }: Options): LineRange {
  if (lines !== undefined) return { from: lines.from, count: Math.min(lines.count, log.lineCount) };
  const count = Math.min(tail ?? log.lineCount, log.lineCount);
  return { from: log.lineCount - count + 1, count };
}

/** Throws PasekaError unknown-source, unknown-log. */
function findAttempt(
  state: CampaignState,
  word: string,
  number: number | undefined,
): { readonly task: TaskState; readonly attempt: AttemptState } {
  const [task, ...others] = findTasks(state, word);
  if (task === undefined || others.length > 0) {
    throw new PasekaError(
      'unknown-source',
      `the campaign has several versions of ${word}`,
      `say ${[task, ...others].map((one) => `${one?.source}=${one?.version}`).join(' or ')}`,
    );
  }
  const attempt =
    number === undefined ? task.attempts.at(-1) : task.attempts.find((one) => one.attempt === number);
  if (attempt !== undefined) return { task, attempt };
  throw new PasekaError(
    'unknown-log',
    number === undefined ? `${word} was not begun: it has no log` : `${word} has no attempt ${number}`,
    task.reusedFrom === undefined
      ? `it has had ${task.attempts.length} attempts`
      : `its result is that of the campaign ${task.reusedFrom}: look there`,
  );
}

/** @param state is brought up to date. */
function isUnderWay(
  store: CampaignStore,
  state: CampaignState,
  task: TaskState,
  attempt: AttemptState,
): boolean {
  if (store.find(state.id).status !== 'running') return false;
  store.catchUp(state.id, state);
  const now = state.tasks.get(task.task);
  return now?.attempts.find((one) => one.attempt === attempt.attempt)?.endedAt === undefined;
}

/** `10-20`, `10-`, `10`. */
function rangeOption(text: string): LineRange {
  const match = /^([1-9]\d*)(-([1-9]\d*)?)?$/.exec(text);
  const from = Number(match?.[1]);
  const to = match?.[2] === undefined ? from : Number(match[3] ?? Number.MAX_SAFE_INTEGER);
  if (match === null || to < from) throw new InvalidArgumentError('write FROM-TO, FROM- or FROM.');
  return { from, count: to - from + 1 };
}
