// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Sha256 } from '../base/digest.ts';
import { isPasekaError } from '../base/paseka-error.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { Artifact, TaskId } from '../events/events.ts';
import type { DecidedBy, Outcome, Phase } from '../events/outcome.ts';
import type { Admission } from '../schedule/scheduled-task.ts';
import { AttemptLog } from './attempt-log.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { logName, resultName } from './result-name.ts';
import type { ReusableResults } from './reusable-results.ts';
import { upperPlace } from './task-settings.ts';
import { UsageMeter } from './usage-meter.ts';

export interface AttemptOptions {
  readonly task: TaskId;
  readonly number: number;
  readonly source: SourceInput;
  readonly options: RebuildOptions;
  /** Sets that are worth a layer before its own, each a part of the next (plan-campaign.ts). */
  readonly shared: readonly ReadonlySet<Sha256>[];
  /** Whether a worker has nothing to do until it is prepared. */
  readonly isWaitedFor: () => boolean;
  readonly recorder: EventRecorder;
  /** Of the campaign: logs and results go below it. */
  readonly directory: string;
  /** Stops it as long as it has no worker. */
  readonly drain: AbortSignal;
  /** Stops it in any case. */
  readonly stop: AbortSignal;
  /** Earlier results that may be taken over; undefined: none may. */
  readonly reuse: ReusableResults | undefined;
  readonly now: () => number;
  readonly onOutput?: (text: Uint8Array) => void;
}

/**
 * One execution of a task, from resolving to the last install check: its log, its clock and what it used. Preparation
 * and the worker's part may lie apart; `pause` stops the clock between them.
 */
export class Attempt {
  readonly source: SourceInput;
  readonly shared: readonly ReadonlySet<Sha256>[];
  readonly now: () => number;
  readonly log: AttemptLog;
  readonly usage = new UsageMeter();
  /** Below the campaign's directory. */
  readonly resultsDirectory: string;
  readonly #given: AttemptOptions;
  readonly #held = new DisposableStack();
  #ranMs = 0;
  #runsSince: number | undefined;
  readonly #preparing: AbortSignal;
  readonly #running: AbortSignal;
  readonly #stopped = new AbortController();
  #options: RebuildOptions;
  #admission: Admission | undefined;
  #ended = false;

  /** Throws PasekaError disk-full where there is no room for its log; that it has started is told even then. */
  constructor(given: AttemptOptions) {
    this.#given = given;
    this.source = given.source;
    this.#options = given.options;
    this.#preparing = AbortSignal.any([given.drain, this.#stopped.signal]);
    this.#running = AbortSignal.any([given.stop, this.#stopped.signal]);
    this.shared = given.shared;
    this.now = given.now;
    const log = logName(given.source, given.number);
    this.resultsDirectory = join(given.directory, 'results', resultName(given.source));
    this.#runsSince = given.now();
    given.recorder.emit({ type: 'attempt-started', task: given.task, attempt: given.number, log });
    this.log = new AttemptLog(join(given.directory, log), given.now, given.onOutput);
    try {
      this.log.heading(`${given.source.name} ${given.source.version}, attempt ${given.number}`);
    } catch (error) {
      this.log[Symbol.dispose]();
      throw error;
    }
  }

  get task(): TaskId {
    return this.#given.task;
  }

  get reuse(): ReusableResults | undefined {
    return this.#given.reuse;
  }

  get number(): number {
    return this.#given.number;
  }

  /** What is only being prepared ends with the first wish to stop; what is being built, with the last. */
  get signal(): AbortSignal {
    return this.#admission === undefined ? this.#preparing : this.#running;
  }

  /** Since it has a worker, its upper is where it was admitted to. */
  get options(): RebuildOptions {
    return this.#options;
  }

  /** On which terms it runs; undefined while it is prepared. */
  get admission(): Admission | undefined {
    return this.#admission;
  }

  /** Whether it was stopped for want of memory. */
  get isStoppedForMemory(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Whether it is being prepared and no worker waits for that: nothing that runs is to be slowed down by it. */
  get isAhead(): boolean {
    return this.#admission === undefined && !this.#given.isWaitedFor();
  }

  /** When the attempt has to be over, if it has a limit, counted without the time that it waited. */
  get deadline(): number | undefined {
    const { timeoutMs } = this.options.limits;
    return timeoutMs === undefined ? undefined : this.now() + timeoutMs - this.#wallMs();
  }

  /** Keeps something until its end: the layer that it builds over. */
  hold(resource: Disposable): void {
    if (this.#ended) resource[Symbol.dispose]();
    else this.#held.use(resource);
  }

  phase(phase: Phase, detail?: string): void {
    const { recorder, task } = this.#given;
    recorder.emit({ type: 'phase-started', task, phase, ...(detail === undefined ? {} : { detail }) });
    this.log.heading(detail === undefined ? phase : `${phase}: ${detail}`);
  }

  /** Its build dependencies were decided, one way or the other. */
  resolved(decidedBy: DecidedBy, inputs: Sha256 | undefined): void {
    const known = inputs === undefined ? {} : { inputs };
    this.#given.recorder.emit({ type: 'dependencies-resolved', task: this.task, decidedBy, ...known });
  }

  /** Prepared: from now on it waits for a worker. */
  pause(): void {
    this.#ranMs = this.#wallMs();
    this.#runsSince = undefined;
    this.#given.recorder.emit({ type: 'attempt-ready', task: this.task });
  }

  /** Begins the worker's part, on these terms. */
  resume(admission: Admission): void {
    this.#admission = admission;
    const { uppers } = this.#options.resources;
    this.#options = { ...this.#options, upper: upperPlace(uppers, admission.upper) };
    this.#runsSince = this.now();
    const { alone, parallel, worker } = admission;
    const { recorder, task } = this.#given;
    recorder.emit({ type: 'worker-assigned', task, worker, parallel, ...(alone ? { alone } : {}) });
  }

  /** Stops it because others need the memory that it takes; it is to be done again, alone. */
  stopForMemory(): void {
    this.#stopped.abort();
    logIfRoom(() => this.log.line('stopped, as the memory of this host runs short'));
  }

  /** Ends it, once; where the disk is full its log lacks the end. */
  end(outcome: Outcome, artifacts: readonly Artifact[] = []): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#held.dispose();
    const usage = this.usage.total(this.#wallMs());
    logIfRoom(() => {
      this.log.heading(
        `${outcome.kind}${'reason' in outcome ? ` (${outcome.stage}): ${outcome.reason}` : ''}`,
      );
      if ('explanation' in outcome) this.log.line(outcome.explanation);
      if ('message' in outcome) this.log.line(outcome.message);
      if ('url' in outcome) this.log.line(outcome.url);
    });
    this.log[Symbol.dispose]();
    const { recorder, task, number } = this.#given;
    recorder.emit({ type: 'attempt-ended', task, attempt: number, outcome, usage, artifacts });
  }

  #wallMs(): number {
    return this.#ranMs + (this.#runsSince === undefined ? 0 : this.now() - this.#runsSince);
  }
}

/** What happens to a build does not depend on whether there is room to say so. */
function logIfRoom(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isPasekaError(error, 'disk-full')) throw error;
  }
}
