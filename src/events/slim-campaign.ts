// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../base/invariant.ts';
import type {
  AttemptState,
  CampaignState,
  PhaseState,
  TaskState,
  TaskStatus,
  Totals,
} from './campaign-state.ts';
import type { TaskId, Verdict } from './events.ts';
import { emptyCampaign } from './fold.ts';
import type { Outcome } from './outcome.ts';

/**
 * A campaign's state without what only the page of a single task shows, by columns: 34,000 tasks are about 4 MB of
 * JSON. {@link fattenCampaign} makes a state of it that the fold goes on from: a reader that begins in the middle sees what
 * one sees that began at the start. Every column has one entry for each task, in the order of their numbers.
 */
export interface SlimCampaign {
  readonly campaign: Omit<CampaignState, 'tasks' | 'totals' | 'notes'> & {
    readonly notes: CampaignState['notes'];
  };
  readonly totals: Omit<Totals, 'byOutcome' | 'byVerdict'> & {
    readonly byOutcome: readonly (readonly [Outcome['kind'], number])[];
    readonly byVerdict: readonly (readonly [Verdict, number])[];
  };
  readonly source: readonly string[];
  readonly version: readonly string[];
  readonly status: readonly TaskStatus[];
  /** Places in {@link outcomes}; -1 where it has not ended. */
  readonly outcome: readonly number[];
  /** All outcomes that differ, without what is said at length. */
  readonly outcomes: readonly Outcome[];
  readonly verdict: readonly (Verdict | 0)[];
  readonly checked: readonly number[];
  readonly checkedPassed: readonly number[];
  /** Of the last attempt that is over; 0 where there is none. Times are relative to the campaign's start. */
  readonly attempt: readonly number[];
  readonly worker: readonly number[];
  readonly started: readonly number[];
  readonly ended: readonly number[];
  readonly wallMs: readonly number[];
  readonly buildMs: readonly number[];
  readonly buildCpuMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly peakMemoryBytes: readonly number[];
  readonly upperBytes: readonly number[];
  /** Only the tasks that have it. */
  readonly extras: readonly TaskExtras[];
}

/** What few tasks have: an attempt under way, a level, an earlier campaign's result. */
interface TaskExtras extends Partial<Pick<TaskState, 'level' | 'reusedFrom'>> {
  readonly task: TaskId;
  readonly open?: AttemptState;
  readonly phases?: readonly PhaseState[];
}

const longestReason = 200;

/** The slim form of a state. */
export function slimCampaign(state: CampaignState): SlimCampaign {
  const { tasks: byId, totals, ...campaign } = state;
  const tasks = [...byId.values()].sort((a, b) => a.task - b.task);
  const places = new Map<string, number>();
  const outcomes: Outcome[] = [];
  const place = (outcome: Outcome | undefined): number => {
    if (outcome === undefined) return -1;
    const slim = slimOutcome(outcome);
    const key = JSON.stringify(slim);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, outcomes.length);
    return outcomes.push(slim) - 1;
  };
  const last = tasks.map((task) => task.attempts.findLast(({ endedAt }) => endedAt !== undefined));
  const ofUsage = (key: keyof NonNullable<AttemptState['usage']>): number[] =>
    last.map((attempt) => attempt?.usage?.[key] ?? 0);
  const since = (at: number | undefined): number => (at === undefined ? 0 : at - state.startedAt);
  return {
    campaign: { ...campaign, notes: [...campaign.notes] },
    totals: { ...totals, byOutcome: [...totals.byOutcome], byVerdict: [...totals.byVerdict] },
    source: tasks.map(({ source }) => source),
    version: tasks.map(({ version }) => version),
    status: tasks.map(({ status }) => status),
    outcome: tasks.map(({ outcome }) => place(outcome)),
    outcomes,
    verdict: tasks.map(({ verdict }) => verdict ?? 0),
    checked: tasks.map(({ checked }) => checked),
    checkedPassed: tasks.map(({ checkedPassed }) => checkedPassed),
    attempt: last.map((attempt) => attempt?.attempt ?? 0),
    worker: last.map((attempt) => attempt?.worker ?? -1),
    started: last.map((attempt) => since(attempt?.startedAt)),
    ended: last.map((attempt) => since(attempt?.endedAt)),
    wallMs: ofUsage('wallMs'),
    buildMs: ofUsage('buildMs'),
    buildCpuMs: ofUsage('buildCpuMs'),
    cpuMs: ofUsage('cpuMs'),
    peakMemoryBytes: ofUsage('peakMemoryBytes'),
    upperBytes: ofUsage('upperBytes'),
    extras: tasks.flatMap(extrasOf),
  };
}

function extrasOf(task: TaskState): TaskExtras[] {
  const last = task.attempts.at(-1);
  const isOpen = last !== undefined && last.endedAt === undefined;
  const { level, reusedFrom } = task;
  const extras: TaskExtras = {
    task: task.task,
    ...(level === undefined ? {} : { level }),
    ...(reusedFrom === undefined ? {} : { reusedFrom }),
    ...(isOpen
      ? { open: { ...last }, phases: task.phases.filter(({ startedAt }) => startedAt >= last.startedAt) }
      : {}),
  };
  return Object.keys(extras).length === 1 ? [] : [extras];
}

/** What a table shows of an outcome: its first lines. */
function slimOutcome(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case 'failed':
      return {
        ...outcome,
        reason: firstLine(outcome.reason),
        ...(outcome.failure === undefined
          ? {}
          : { failure: { ...outcome.failure, lines: outcome.failure.lines.slice(0, 1) } }),
      };
    case 'dependencies-unsatisfiable':
    case 'not-for-architecture':
      return { ...outcome, explanation: firstLine(outcome.explanation) };
    case 'host-fault':
      return { ...outcome, message: firstLine(outcome.message) };
    default:
      return outcome;
  }
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}

/**
 * A state that the fold goes on from. Its tasks have at most the last attempt that is over and the one under way, phases
 * of the latter only, and no predictions, install checks, artifacts and paths of logs.
 */
export function fattenCampaign(slim: SlimCampaign): CampaignState {
  const { campaign, totals } = slim;
  const state: CampaignState = {
    ...emptyCampaign(),
    ...campaign,
    notes: [...campaign.notes],
    totals: { ...totals, byOutcome: new Map(totals.byOutcome), byVerdict: new Map(totals.byVerdict) },
  };
  for (const index of slim.source.keys()) state.tasks.set(index as TaskId, fattenTask(slim, index));
  for (const { task: id, open, phases, ...rest } of slim.extras) {
    const task = state.tasks.get(id);
    invariant(task !== undefined, `no task ${id}`);
    state.tasks.set(id, {
      ...task,
      ...rest,
      attempts: open === undefined ? task.attempts : [...task.attempts, { ...open }],
      phases: (phases ?? []).map((phase) => ({ ...phase })),
    });
  }
  return state;
}

function fattenTask(slim: SlimCampaign, index: number): TaskState {
  const of = <Value>(column: readonly Value[]): Value => column[index] as Value;
  const outcome = slim.outcomes[of(slim.outcome)];
  const verdict = of(slim.verdict);
  const worker = of(slim.worker);
  const attempt = of(slim.attempt);
  const startedAt = slim.campaign.startedAt;
  return {
    task: index as TaskId,
    source: of(slim.source),
    version: of(slim.version),
    status: of(slim.status),
    attempts:
      attempt === 0
        ? []
        : [
            {
              attempt,
              log: '',
              ...(worker < 0 ? {} : { worker }),
              startedAt: startedAt + of(slim.started),
              endedAt: startedAt + of(slim.ended),
              usage: {
                wallMs: of(slim.wallMs),
                buildMs: of(slim.buildMs),
                buildCpuMs: of(slim.buildCpuMs),
                cpuMs: of(slim.cpuMs),
                peakMemoryBytes: of(slim.peakMemoryBytes),
                upperBytes: of(slim.upperBytes),
              },
            },
          ],
    phases: [],
    installChecks: [],
    checked: of(slim.checked),
    checkedPassed: of(slim.checkedPassed),
    artifacts: [],
    ...(outcome === undefined ? {} : { outcome }),
    ...(verdict === 0 ? {} : { verdict }),
  };
}
