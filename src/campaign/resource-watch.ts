// SPDX-License-Identifier: GPL-2.0-or-later
import type { TaskId } from '../events/events.ts';
import type { HostGauge } from '../host/host-gauge.ts';
import { pauseReason } from '../schedule/pressure-gate.ts';
import type { ObservedUse } from '../schedule/scheduled-task.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { EventRecorder } from './event-recorder.ts';

export interface ResourceWatchOptions {
  readonly gauge: HostGauge;
  readonly recorder: EventRecorder;
  readonly scheduler: Scheduler;
  /** With less than this available nothing more begins, and a build is stopped. */
  readonly reserveBytes: number;
  /** What each running task uses now. */
  readonly uses: () => Iterable<readonly [TaskId, ObservedUse]>;
  /** Stops a running task, which is to be done again alone. */
  readonly stop: (task: TaskId) => void;
  /** Why nothing new is to begin, whatever the host says and even where nothing runs; undefined: it may. */
  readonly heldBecause?: (() => string | undefined) | undefined;
  /** Called after each look: more may begin now. */
  readonly onLook: () => void;
}

/** Each so many looks are told as an event. */
const looksPerEvent = 5;

/**
 * Tells the scheduler at each {@link look} what builds and host use: what runs is counted as what it really takes, nothing
 * begins while the host is under pressure, and when memory runs short a build is stopped. Each fifth look is an
 * event.
 */
export class ResourceWatch {
  readonly #options: ResourceWatchOptions;
  #looks = 0;
  #pausedBecause: string | undefined;
  #isPressureKnown = true;

  constructor(options: ResourceWatchOptions) {
    this.#options = options;
  }

  look(): void {
    const { gauge, onLook, recorder, reserveBytes, scheduler, stop, uses } = this.#options;
    const reading = gauge.read();
    let memoryBytes = 0;
    let upperBytes = 0;
    for (const [task, use] of uses()) {
      scheduler.observe(task, use);
      memoryBytes += use.memoryBytes;
      upperBytes += use.upperBytes;
    }
    if (reading.pressure === undefined && this.#isPressureKnown) {
      this.#isPressureKnown = false;
      const message = 'this kernel tells nothing of pressure (PSI): builds begin by memory alone';
      recorder.emit({ type: 'note', level: 'info', message });
    }
    if (this.#looks++ % looksPerEvent === 0) {
      recorder.emit({ type: 'resources-sampled', memoryBytes, upperBytes, ...reading });
    }
    const { heldBecause } = this.#options;
    const held = heldBecause?.();
    scheduler.isHeld = held !== undefined;
    this.#pause(
      held ?? pauseReason(reading, reserveBytes, this.#pausedBecause !== undefined),
      held !== undefined,
    );
    const victim = scheduler.chooseToStop(reading.availableBytes < reserveBytes);
    if (victim !== undefined) stop(victim);
    onLook();
  }

  /** The campaign is over: what kept it from beginning more is no matter now. */
  end(): void {
    this.#options.scheduler.isHeld = false;
    this.#pause(undefined, false);
  }

  #pause(because: string | undefined, isHeld: boolean): void {
    const { recorder, scheduler } = this.#options;
    const wasPaused = this.#pausedBecause !== undefined;
    if (because === undefined) {
      if (wasPaused) recorder.emit({ type: 'admission-resumed' });
    } else if (
      !wasPaused &&
      (isHeld || scheduler.running > 0) &&
      scheduler.underWay + scheduler.waiting > scheduler.running
    ) {
      recorder.emit({ type: 'admission-paused', because });
    } else if (!wasPaused) return;
    this.#pausedBecause = because === undefined ? undefined : (this.#pausedBecause ?? because);
    scheduler.isPaused = because !== undefined;
  }
}
