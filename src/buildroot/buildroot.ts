// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Where a buildroot's private files go. A tmpfs can't outgrow its size; on disk the size is a limit that
 * {@link Buildroot.measure} tells and a sandbox enforces by looking.
 */
export type UpperPlace =
  | { readonly kind: 'tmpfs'; readonly sizeBytes: number }
  | { readonly kind: 'disk'; readonly sizeBytes?: number };

/**
 * How a private root is made: an overlay, or a copy where overlays can't be had (copy-on-write on file systems that can).
 * Never hard links: root inside could write through them (docs/adr/0003-buildroots.md).
 */
export type CloneMethod = 'overlay' | 'copy';

export interface BuildrootRequest {
  /**
   * An existing, empty directory on the state directory's file system: what is written stays in `upper` below it when
   * the root is disposed of, to become a lower directory of other roots. Overlays only; `upper` must be on disk.
   */
  readonly keepIn?: string;
  /** Prepared directories, topmost first; never written to. */
  readonly lower: readonly string[];
  readonly upper: UpperPlace;
  /**
   * Absolute path (outside) where the root is to appear in this process's namespace: for prepared directories that
   * contain their own path. One at a time for each path. Default: a path of its own under the state directory.
   */
  readonly at?: string;
  /**
   * Files or directories inside, relative to the root, that are copied beforehand instead of shared (lock files,
   * databases opened for writing).
   */
  readonly privateFiles?: readonly string[];
}

/**
 * A private, writable, copy-on-write root: lower directories and an empty upper. Lives as long as one task: disposing
 * unmounts and removes it, once, past failures.
 */
export interface Buildroot extends AsyncDisposable {
  /** Its `/` as seen from outside, in this process's mount namespace. */
  readonly directory: string;
  /** Whether a tmpfs holds the limit, or nothing does and it has to be watched. */
  readonly place: 'tmpfs' | 'disk';
  /** Most that can be written; null where only the disk limits it. */
  readonly limitBytes: number | null;
  /**
   * Absolute paths inside of everything that was made or changed since, and the directories above it, sorted; deletions
   * are not among them.
   */
  writtenPaths(): Promise<readonly string[]>;
  /** Absolute paths inside of everything that is there now and is not in the lower directories, directories too. */
  addedPaths(): Promise<readonly string[]>;
  /**
   * What was written: bytes in the upper, and what is left of its limit (or of the disk). Cheap where the upper is in
   * tmpfs; else a second old at most, or ten times as old as counting takes, unless it has to be `exact`.
   */
  measure(wanted?: 'recent' | 'exact'): Promise<{ readonly usedBytes: number; readonly freeBytes: number }>;
}

export interface BuildrootFactory {
  readonly method: CloneMethod;
  /** Throws PasekaError mount-failed, disk-full, not-a-directory, bad-option (a private file that isn't there). */
  acquire(request: BuildrootRequest): Promise<Buildroot>;
}
