// SPDX-License-Identifier: GPL-2.0-or-later

import type { Identity } from '../distro/root.ts';
import type { AttemptUsage } from '../events/events.ts';
import type { SandboxResult, SandboxUse } from '../sandbox/sandbox.ts';

/** Adds up what the commands of one attempt took. */
export class UsageMeter {
  #buildMs = 0;
  #buildCpuMs = 0;
  #cpuMs = 0;
  #peakMemoryBytes = 0;
  #upperBytes = 0;
  #current: SandboxUse = { memoryBytes: 0, upperBytes: 0 };

  /** What the command that runs used when it was last looked at. */
  get current(): SandboxUse {
    return this.#current;
  }

  observe(use: SandboxUse): void {
    this.#current = use;
  }

  /** @param identity what the builder runs is the build: unpacking and the package's own build; all else is ours. */
  add(result: SandboxResult, identity: Identity): void {
    if (identity === 'builder') {
      this.#buildMs += result.wallMs;
      this.#buildCpuMs += result.cpuMs;
    }
    this.#cpuMs += result.cpuMs;
    this.#current = { memoryBytes: 0, upperBytes: 0 };
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, result.peakMemoryBytes);
    this.#upperBytes = Math.max(this.#upperBytes, result.peakUpperBytes);
  }

  total(wallMs: number): AttemptUsage {
    return {
      wallMs: Math.round(wallMs),
      buildMs: Math.round(this.#buildMs),
      buildCpuMs: Math.round(this.#buildCpuMs),
      cpuMs: Math.round(this.#cpuMs),
      peakMemoryBytes: this.#peakMemoryBytes,
      upperBytes: this.#upperBytes,
    };
  }
}
