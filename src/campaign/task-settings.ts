// SPDX-License-Identifier: GPL-2.0-or-later
import type { UpperPlace } from '../buildroot/buildroot.ts';

/** What a host has to offer. */
export interface HostCapacity {
  readonly cores: number;
  /** MemAvailable. */
  readonly memoryBytes: number;
  /** Whether a buildroot's upper can be in tmpfs here. */
  readonly hasTmpfsUpper: boolean;
}

export interface SettingsRequest {
  readonly tasks: number;
  readonly jobs?: number;
  readonly upper: 'auto' | 'tmpfs' | 'disk';
  readonly upperSizeBytes?: number;
}

export interface TaskSettings {
  readonly workers: number;
  readonly parallel: number;
  readonly upper: UpperPlace;
}

/** A small C or C++ build with its upper in tmpfs: what one more worker has to have. */
const workerBytes = 1.5 * 1024 ** 3;
/** An upper smaller than this fails too many builds to be worth its speed: 5 % of builds write more than 200 MB, 1 % more than 1.1 GB. */
const leastTmpfsBytes = 2 * 1024 ** 3;

/**
 * How many builds run at once and where they write: as many as the cores, fewer where memory is short; uppers in tmpfs
 * where each worker's share of three quarters of the memory is worth it. A tmpfs's size is a limit and no
 * reservation, so that shares may be generous.
 */
export function chooseTaskSettings(host: HostCapacity, request: SettingsRequest): TaskSettings {
  const byMemory = Math.max(1, Math.floor(host.memoryBytes / workerBytes));
  const workers = request.jobs ?? Math.max(1, Math.min(host.cores, byMemory, request.tasks));
  const parallel = Math.max(1, Math.floor(host.cores / workers));
  const share = Math.floor((host.memoryBytes * 0.75) / workers);
  const sizeBytes = request.upperSizeBytes ?? Math.max(leastTmpfsBytes, share);
  const isTmpfs =
    request.upper === 'tmpfs' || (request.upper === 'auto' && host.hasTmpfsUpper && share >= leastTmpfsBytes);
  return {
    workers,
    parallel,
    upper: isTmpfs
      ? { kind: 'tmpfs', sizeBytes }
      : { kind: 'disk', ...(request.upperSizeBytes === undefined ? {} : { sizeBytes }) },
  };
}
