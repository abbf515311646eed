// SPDX-License-Identifier: GPL-2.0-or-later
import type { StopReason, UpperFacts } from './command-end.ts';
import type { Limits, SandboxUse, UpperGauge } from './sandbox.ts';

/** What the watch looks at besides the clock and the output. */
export interface Watched {
  /**
   * @param upperBytes what was written to a tmpfs upper since the beginning.
   * @returns null where a number is not watched because the kernel enforces its limit, or nothing counts it.
   */
  sample(upperBytes: number): {
    readonly memoryBytes: number;
    readonly isMemoryEnforced: boolean;
    readonly processes: number | null;
    readonly oomKills: number;
  };
  readonly upper: UpperGauge | undefined;
  /** Told of each look, bytes. */
  readonly onSample?: ((use: SandboxUse) => void) | undefined;
}

/**
 * Watches one command: begins when it is made, and calls `stop` once, with the first limit that was exceeded. Wall clock,
 * idleness and output are exact, the rest is sampled, one sample after the other: 50 ms after the beginning, then each
 * 250 ms, but never for more than a twentieth of the time.
 */
export class LimitWatch {
  readonly #limits: Limits;
  readonly #watched: Watched;
  readonly #stop: (reason: StopReason) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stoppedBy: StopReason | undefined;
  /** What a sample threw: a bug, thrown on when the command is over. */
  #fault: { readonly error: Error } | undefined;
  #outputBytes = 0;
  #lastOutputAt = performance.now();
  #outputEnd = '';
  #isFullSaid = false;
  #sampling: Promise<void> = Promise.resolve();
  #peakMemoryBytes = 0;
  #firstUpperBytes: number | undefined;
  #upperBytes = 0;
  #peakUpperBytes = 0;
  #lowestFreeBytes = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(limits: Limits, watched: Watched, stop: (reason: StopReason) => void) {
    this.#limits = limits;
    this.#watched = watched;
    this.#stop = stop;
    if (limits.timeoutMs !== undefined) this.#after(limits.timeoutMs, () => this.exceed('timed-out'));
    if (limits.idleTimeoutMs !== undefined) this.#watchIdleness(limits.idleTimeoutMs);
    this.#sampling = this.#guarded(() => this.#sampleUpper()); // what the upper holds before the command begins
    this.#sampleLater(firstSampleMs);
  }

  /** The reason given to `stop`. */
  get stoppedBy(): StopReason | undefined {
    return this.#stoppedBy;
  }

  get peakMemoryBytes(): number {
    return this.#peakMemoryBytes;
  }

  get upper(): UpperFacts | undefined {
    const { upper } = this.#watched;
    if (upper === undefined) return undefined;
    return {
      limitBytes: upper.limitBytes,
      peakBytes: this.#peakUpperBytes,
      lowestFreeBytes: this.#lowestFreeBytes,
      isFullSaid: this.#isFullSaid,
    };
  }

  /** Stops the command for a reason, unless it is stopped already. */
  exceed(reason: StopReason): void {
    if (this.#isOver || this.#stoppedBy !== undefined) return;
    this.#stoppedBy = reason;
    this.#stop(reason);
  }

  /** Silence counts from now: what came before was the sandbox's own setting up. */
  beginSilence(): void {
    this.#lastOutputAt = performance.now();
  }

  /** Takes note of output; returns what of it is within the limit, perhaps nothing. */
  admit(chunk: Uint8Array): Uint8Array {
    this.#lastOutputAt = performance.now();
    if (!this.#isFullSaid) this.#lookForFullDisk(chunk);
    const room = (this.#limits.outputBytes ?? Number.POSITIVE_INFINITY) - this.#outputBytes;
    this.#outputBytes += chunk.length;
    if (chunk.length <= room) return chunk;
    this.exceed('output-limit');
    return chunk.subarray(0, Math.max(0, room));
  }

  /**
   * Ends the watch, after a last look at the upper and the memory that its files hold. Throws what measuring the upper threw: a bug.
   */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await this.#sampling;
    if (this.#fault === undefined) await this.#sample();
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #after(ms: number, action: () => void): void {
    // A longer delay than Node's timers can hold would fire at once.
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        if (ms > longestTimerMs) this.#after(ms - longestTimerMs, action);
        else action();
      },
      Math.min(ms, longestTimerMs),
    );
    this.#timers.add(timer);
  }

  #watchIdleness(limitMs: number): void {
    const silentMs = performance.now() - this.#lastOutputAt;
    if (silentMs >= limitMs) return this.exceed('idle-timed-out');
    this.#after(Math.max(1, Math.ceil(limitMs - silentMs)), () => this.#watchIdleness(limitMs));
  }

  #sampleLater(ms: number): void {
    if (this.#isOver) return;
    this.#after(ms, () => {
      this.#sampling = this.#sampling.then(async () => {
        const began = performance.now();
        await this.#sample();
        if (this.#fault !== undefined) return this.exceed('cancelled');
        this.#sampleLater(Math.max(sampleEveryMs, (performance.now() - began) * 20));
      });
    });
  }

  #sample(): Promise<void> {
    return this.#guarded(async () => {
      await this.#sampleUpper();
      this.#sampleGroup();
    });
  }

  async #guarded(sample: () => Promise<void>): Promise<void> {
    try {
      await sample();
    } catch (error) {
      this.#fault ??= { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  async #sampleUpper(): Promise<void> {
    const gauge = this.#watched.upper;
    if (gauge === undefined) return;
    const { usedBytes, freeBytes } = await gauge.measure();
    this.#firstUpperBytes ??= usedBytes;
    this.#upperBytes = usedBytes;
    this.#peakUpperBytes = Math.max(this.#peakUpperBytes, usedBytes);
    this.#lowestFreeBytes = Math.min(this.#lowestFreeBytes, freeBytes);
    if (gauge.place === 'disk' && gauge.limitBytes !== null && usedBytes > gauge.limitBytes)
      this.exceed('disk-full');
  }

  #sampleGroup(): void {
    const { upper } = this.#watched;
    const grown = upper?.place === 'disk' ? 0 : Math.max(0, this.#upperBytes - (this.#firstUpperBytes ?? 0));
    const sample = this.#watched.sample(grown);
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, sample.memoryBytes);
    this.#watched.onSample?.({ memoryBytes: sample.memoryBytes, upperBytes: this.#upperBytes });
    if (sample.oomKills > 0) this.exceed('out-of-memory');
    if (
      !sample.isMemoryEnforced &&
      sample.memoryBytes > (this.#limits.memoryBytes ?? Number.POSITIVE_INFINITY)
    ) {
      this.exceed('out-of-memory');
    }
    if ((sample.processes ?? 0) > (this.#limits.processes ?? Number.POSITIVE_INFINITY))
      this.exceed('process-limit');
  }

  #lookForFullDisk(chunk: Uint8Array): void {
    const text =
      this.#outputEnd + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    this.#isFullSaid = text.includes(fullDiskMessage);
    this.#outputEnd = text.slice(1 - fullDiskMessage.length);
  }
}

/** strerror(ENOSPC) in the C locale, which builds run in. */
const fullDiskMessage = 'No space left on device';
const firstSampleMs = 50;
const sampleEveryMs = 250;
const longestTimerMs = 2 ** 31 - 1;
