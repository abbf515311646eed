// SPDX-License-Identifier: GPL-2.0-or-later

/** What a build of a source took, in an earlier campaign or attempt. */
export interface PastUse {
  /** The highest that was seen, the files of its upper included where that was in tmpfs. */
  readonly memoryBytes: number;
  readonly upperBytes: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What is remembered of earlier builds; of each source, the latest that went to their end. */
export interface TaskHistory {
  /** Latest first; empty where it was never built. */
  usesOf(source: string): readonly PastUse[];
  /** One of each source that was ever built: to tell what similar ones take. */
  sources(): Iterable<{ readonly source: string; readonly use: PastUse }>;
}

/** Nothing is remembered. */
export const noHistory: TaskHistory = { usesOf: () => [], sources: () => [] };
