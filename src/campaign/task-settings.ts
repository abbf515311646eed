// SPDX-License-Identifier: GPL-2.0-or-later
import type { UpperPlace } from '../buildroot/buildroot.ts';
import type { UpperPolicy } from '../schedule/scheduled-task.ts';

/** What a host has to offer. */
export interface HostCapacity {
  readonly cores: number;
  readonly totalBytes: number;
  /** MemAvailable. */
  readonly availableBytes: number;
  /** Whether a buildroot's upper can be in tmpfs here. */
  readonly hasTmpfsUpper: boolean;
}

export interface SettingsRequest {
  readonly tasks: number;
  readonly jobs?: number;
  /** What all builds together may use. */
  readonly memoryBytes?: number;
  readonly upper: 'auto' | 'tmpfs' | 'disk';
  readonly upperSizeBytes?: number;
}

export interface TaskSettings {
  readonly workers: number;
  /** Where roots write that no build was admitted for: preparations, commands. */
  readonly upper: UpperPlace;
  readonly resources: TaskResources;
}

/** What the builds of a campaign share. */
export interface TaskResources {
  readonly cores: number;
  readonly memoryBytes: number;
  /** What the host is to keep for itself: with less available nothing more begins. */
  readonly reserveBytes: number;
  readonly uppers: UpperSettings;
}

export interface UpperSettings extends UpperPolicy {
  /** The size of each tmpfs: a limit and no reservation. */
  readonly tmpfsBytes: number;
  /** What an upper on disk may take; undefined: as much as there is. */
  readonly diskBytes?: number;
  /** Whether the user gave these sizes: what outgrows them is then too large, and not in the wrong place. */
  readonly isSizeGiven: boolean;
}

const mebibyte = 1024 ** 2;
/** A tmpfs smaller than this helps nobody. */
const leastTmpfsBytes = 64 * mebibyte;

/**
 * How many builds run at once at most, what memory they share, and where they write. As many workers as cores: what fits
 * beside each other is for the scheduler to say. Builds that are expected to write more than half of a worker's share of the memory
 * write to disk.
 */
export function chooseTaskSettings(host: HostCapacity, request: SettingsRequest): TaskSettings {
  const reserveBytes = Math.min(512 * mebibyte, Math.floor(host.totalBytes / 20));
  const memoryBytes =
    request.memoryBytes ?? Math.max(leastTmpfsBytes, host.availableBytes - 2 * reserveBytes);
  const workers = request.jobs ?? Math.max(1, Math.min(host.cores, request.tasks));
  const share = Math.floor((memoryBytes * 0.75) / workers);
  const uppers: UpperSettings = {
    place: request.upper === 'auto' && !host.hasTmpfsUpper ? 'disk' : request.upper,
    largestTmpfsBytes: Math.min(Math.floor(share / 2), request.upperSizeBytes ?? Number.POSITIVE_INFINITY),
    tmpfsBytes: request.upperSizeBytes ?? Math.max(leastTmpfsBytes, share),
    ...(request.upperSizeBytes === undefined ? {} : { diskBytes: request.upperSizeBytes }),
    isSizeGiven: request.upperSizeBytes !== undefined,
  };
  return {
    workers,
    upper: upperPlace(uppers, uppers.place === 'disk' ? 'disk' : 'tmpfs'),
    resources: { cores: host.cores, memoryBytes, reserveBytes, uppers },
  };
}

/** An upper there, with the size that it may have. */
export function upperPlace(uppers: UpperSettings, place: 'tmpfs' | 'disk'): UpperPlace {
  if (place === 'tmpfs') return { kind: 'tmpfs', sizeBytes: uppers.tmpfsBytes };
  return { kind: 'disk', ...(uppers.diskBytes === undefined ? {} : { sizeBytes: uppers.diskBytes }) };
}
