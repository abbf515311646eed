// SPDX-License-Identifier: GPL-2.0-or-later

/** What sort of failure a log tells of; `unknown` where no rule matches. */
export type FailureClass =
  | 'missing-dependency'
  | 'configure'
  | 'compile-error'
  | 'linker-error'
  | 'test-failure'
  | 'documentation'
  | 'patch'
  | 'unpack'
  | 'install'
  | 'symbols'
  | 'out-of-memory'
  | 'disk-full'
  | 'network'
  | 'crash'
  | 'timeout'
  | 'maintainer-script'
  | 'unknown';

/** What the log of an attempt says of why it failed. */
export interface Failure {
  readonly class: FailureClass;
  /** The first lines that decide it, at most five; `line` counts from 1. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  /** The first decisive line without what differs from package to package: equal ones over a campaign form a cluster. */
  readonly fingerprint: string;
}
