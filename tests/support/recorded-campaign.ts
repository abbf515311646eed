// SPDX-License-Identifier: GPL-2.0-or-later
import type {
  Artifact,
  CampaignEvent,
  ChangeUnderTest,
  RecordedEvent,
  TaskId,
  Verdict,
} from '../../src/events/events.ts';
import type { Outcome, Phase } from '../../src/events/outcome.ts';
import { inventFailure, sourceName } from './invented-packages.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

export interface RecordedOptions {
  readonly id: string;
  readonly seed: number;
  readonly tasks: number;
  readonly workers: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly suite?: string;
  readonly change?: ChangeUnderTest;
  readonly baselineOf?: string;
  /** Of 1,000 tasks so many fail; default 60. */
  readonly failuresInThousand?: number;
  /** The share of tasks after which the recording breaks off; default 1: to the end. */
  readonly until?: number;
}

const memoryBudgetBytes = 12 * 1024 ** 3;
const sampleMs = 5000;

/**
 * The events of an invented campaign, the same for the same seed: durations and memory as skewed as those of an archive,
 * failures of a few kinds that form clusters, a worker's slot for each, and what the host gave meanwhile.
 */
export function recordCampaign(options: RecordedOptions): RecordedEvent[] {
  const random = seededRandom(options.seed);
  const events: (CampaignEvent & { at: number })[] = [];
  const at0 = options.startedAt;
  events.push({
    at: at0,
    type: 'campaign-started',
    campaign: options.id,
    snapshot: '6f1d0c5e9a3b4f7281d4c6b5a09f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7',
    suite: options.suite ?? 'trixie',
    architecture: 'amd64',
    workers: options.workers,
    memoryBudgetBytes,
    ...(options.change === undefined ? {} : { change: options.change }),
    ...(options.baselineOf === undefined ? {} : { baselineOf: options.baselineOf }),
  });
  const tasks = Array.from({ length: options.tasks }, (_, index) => ({
    task: index as TaskId,
    source: sourceName(index),
    version: `${1 + random.below(9)}.${random.below(20)}.${random.below(10)}-${1 + random.below(5)}`,
  }));
  for (const task of tasks) events.push({ at: at0, type: 'task-added', ...task });
  const freeAt = Array.from({ length: options.workers }, (_, worker) => ({ worker, at: at0 + 1500 }));
  const runs: { readonly from: number; readonly to: number; readonly memoryBytes: number }[] = [];
  for (const task of tasks.slice(0, Math.ceil(options.tasks * (options.until ?? 1)))) {
    const slot = freeAt.reduce((first, other) => (other.at < first.at ? other : first));
    const life = taskLife(random, task, slot, options);
    events.push(...life.events);
    runs.push({ from: slot.at, to: life.endedAt, memoryBytes: life.memoryBytes });
    slot.at = life.endedAt;
  }
  const endedAt = Math.max(...freeAt.map(({ at }) => at));
  events.push(...samples(random, runs, at0, endedAt));
  const sorted = events.map((event, index) => ({ event, index }));
  sorted.sort((a, b) => a.event.at - b.event.at || a.index - b.index);
  if ((options.until ?? 1) === 1) {
    sorted.push({ event: { at: endedAt + 20, type: 'campaign-ended', cancelled: false }, index: 0 });
  }
  const firstFree = Math.min(...freeAt.map(({ at }) => at));
  return sorted
    .filter(({ event }) => (options.until ?? 1) === 1 || event.at <= firstFree)
    .map(({ event }, index) => ({ ...event, seq: index + 1 }));
}

interface Life {
  readonly events: (CampaignEvent & { at: number })[];
  readonly endedAt: number;
  readonly memoryBytes: number;
}

function taskLife(
  random: SeededRandom,
  { task, source, version }: { task: TaskId; source: string; version: string },
  slot: { readonly worker: number; readonly at: number },
  options: RecordedOptions,
): Life {
  const events: (CampaignEvent & { at: number })[] = [];
  const name = `${source}_${version}`;
  const failsAt = random.below(1000);
  const limit = options.failuresInThousand ?? 60;
  const failure = failsAt < limit ? inventFailure(random, source) : undefined;
  let at = Math.max(options.startedAt + 200, slot.at - 400 - random.below(4000));
  const emit = (event: CampaignEvent): void => void events.push({ at, ...event });
  const phase = (what: Phase, ms: number, detail?: string): void => {
    emit({ type: 'phase-started', task, phase: what, ...(detail === undefined ? {} : { detail }) });
    at += Math.round(ms);
  };
  let attempt = 1;
  const isFlaky = failure === undefined && random.below(200) === 0;
  const memoryBytes = Math.round(Math.min(random.skewed(180e6, 0.9), 5e9));
  const upperBytes = Math.round(Math.min(random.skewed(12e6, 1.6), 9e9));
  const buildMs = Math.min(random.skewed(24_000, 1.1), 1_800_000);
  const usage = (wallMs: number, share: number): UsageOf => ({
    wallMs: Math.round(wallMs),
    buildMs: Math.round(wallMs * 0.9),
    buildCpuMs: Math.round(buildMs * 1.6 * share),
    cpuMs: Math.round(buildMs * 1.7 * share + 300),
    peakMemoryBytes: memoryBytes,
    upperBytes,
  });
  const prepare = (): void => {
    const log = `logs/${name}${attempt === 1 ? '' : `.${attempt}`}.log`;
    emit({ type: 'attempt-started', task, attempt, log });
    phase('resolve', 3 + random.below(5));
    emit({ type: 'dependencies-resolved', task, decidedBy: random.below(300) === 0 ? 'apt' : 'paseka' });
  };
  const assign = (): void => {
    phase('fetch', 40 + random.below(160));
    phase('prepare', 80 + random.below(90));
    emit({ type: 'attempt-ready', task });
    at = Math.max(at, slot.at);
    emit({ type: 'worker-assigned', task, worker: slot.worker, parallel: 2, alone: attempt > 1 });
    phase('install-dependencies', random.skewed(60, 0.8));
    phase('unpack', random.skewed(250, 0.7));
  };
  const end = (outcome: Outcome, startedAt: number, share: number, artifacts: readonly Artifact[]): void => {
    emit({ type: 'attempt-ended', task, attempt, outcome, usage: usage(at - startedAt, share), artifacts });
  };
  prepare();
  if (failure?.kind === 'dependencies-unsatisfiable') {
    end(failure, at, 0, []);
    emit({ type: 'task-ended', task, outcome: failure });
    return { events, endedAt: slot.at, memoryBytes: 0 };
  }
  assign();
  if (isFlaky) {
    const started = at;
    phase('build', buildMs * random.next());
    end(inventFailure(random, source, 'test-failure'), started, 0.5, []);
    attempt++;
    prepare();
    assign();
  }
  const started = at;
  phase('build', buildMs * (failure === undefined ? 1 : 0.1 + random.next() * 0.8));
  if (failure !== undefined) {
    end(failure, started, 0.5, []);
    emit({ type: 'task-ended', task, outcome: failure });
    if (options.change !== undefined)
      emit({ type: 'task-judged', task, verdict: verdictOf(failsAt, failure) });
    return { events, endedAt: at, memoryBytes };
  }
  phase('collect', 60 + random.below(80));
  const packages = 1 + random.below(4);
  for (let index = 0; index < packages; index++) {
    const binary = index === 0 ? source : `${source}-${['dev', 'doc', 'common'][index - 1]}`;
    phase('install-check', random.skewed(90, 0.5), binary);
    const warnings =
      random.below(40) === 0 ? [`${binary}: /usr/share/${source}/lock belongs to no package`] : [];
    const outcome = { kind: 'passed' } as const;
    const wallMs = 40 + random.below(120);
    emit({
      type: 'install-check-ended',
      task,
      package: binary,
      version,
      outcome,
      warnings,
      wallMs,
      decidedBy: 'paseka',
    });
  }
  const artifacts = Array.from({ length: packages }, (_, index) => ({
    file: `${index === 0 ? source : `${source}-${['dev', 'doc', 'common'][index - 1]}`}_${version}_amd64.deb`,
    bytes: Math.round(random.skewed(90_000, 1.4)),
    sha256: Array.from({ length: 8 }, () =>
      random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join(''),
  }));
  end({ kind: 'built' }, started, 1, artifacts);
  emit({ type: 'task-ended', task, outcome: { kind: 'built' } });
  if (isFlaky) emit({ type: 'task-judged', task, verdict: 'flaky' });
  return { events, endedAt: at, memoryBytes };
}

type UsageOf = Extract<CampaignEvent, { type: 'attempt-ended' }>['usage'];

function verdictOf(failsAt: number, failure: Outcome): Verdict {
  if (failure.kind === 'host-fault') return 'host-fault';
  return failsAt % 3 === 0 ? 'regression' : 'already-broken';
}

function samples(
  random: SeededRandom,
  runs: readonly { readonly from: number; readonly to: number; readonly memoryBytes: number }[],
  from: number,
  to: number,
): (CampaignEvent & { at: number })[] {
  const found: (CampaignEvent & { at: number })[] = [];
  const byStart = runs.toSorted((a, b) => a.from - b.from);
  let open: typeof byStart = [];
  let next = 0;
  for (let at = from + sampleMs; at < to; at += sampleMs) {
    for (; next < byStart.length && (byStart[next]?.from ?? 0) <= at; next++)
      open.push(...byStart.slice(next, next + 1));
    open = open.filter((run) => run.to > at);
    const memoryBytes = Math.round(
      open.reduce((sum, run) => sum + run.memoryBytes * Math.min(1, (at - run.from) / 20_000), 0),
    );
    const load = open.length / 16;
    found.push({
      at,
      type: 'resources-sampled',
      memoryBytes,
      upperBytes: Math.round(memoryBytes * 0.12),
      availableBytes: 15e9 - memoryBytes,
      busyCores: Math.min(16, load * 15 + random.next() * 2),
      pressure: {
        cpu: Math.min(0.9, load * 0.3 * random.next()),
        memory: memoryBytes > memoryBudgetBytes * 0.6 ? random.next() * 0.08 : 0,
        io: random.next() * 0.05,
      },
    });
  }
  return found;
}
