// SPDX-License-Identifier: GPL-2.0-or-later
import type { ErrorCode } from '../base/paseka-error.ts';
import type { Failure } from './failure.ts';

/** Who decided what has to be installed: this program in process, or the packaging system's own tool that it asked. */
export type DecidedBy = 'paseka' | 'apt';

/** The steps of a build task, in order; also the stage at which one failed. */
export type Phase =
  | 'resolve'
  | 'fetch'
  | 'prepare'
  | 'install-dependencies'
  | 'unpack'
  | 'build'
  | 'collect'
  | 'install-check';

/**
 * How an attempt ended. The blame is in the type: `failed` and `dependencies-unsatisfiable` are the package's (at the stage
 * `install-dependencies` that of a dependency, which the reason names with its script), the limits are between package and
 * user, `file-missing` is the mirror's, `host-fault` is this host's and is never counted against a package.
 */
export type Outcome =
  | { readonly kind: 'built' }
  | {
      readonly kind: 'failed';
      readonly stage: Phase;
      readonly reason: string;
      /** What its log says of it; absent where nobody has read that. */
      readonly failure?: Failure;
    }
  | { readonly kind: 'dependencies-unsatisfiable'; readonly explanation: string }
  /** The source says that it is not built on this architecture: nobody's fault. */
  | { readonly kind: 'not-for-architecture'; readonly explanation: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'idle-timed-out'; readonly limitMs: number }
  | { readonly kind: 'out-of-memory'; readonly limitBytes: number | null }
  | { readonly kind: 'output-limit'; readonly limitBytes: number }
  | { readonly kind: 'process-limit'; readonly limit: number }
  | { readonly kind: 'disk-full'; readonly limitBytes: number | null }
  | { readonly kind: 'file-missing'; readonly url: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'host-fault'; readonly code: ErrorCode; readonly message: string };

/** How the install check of one binary package ended; the same blame rules as for {@link Outcome}. */
export type InstallCheckOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      readonly step: 'install-dependencies' | 'install' | 'verify' | 'remove' | 'purge';
      readonly reason: string;
    }
  | { readonly kind: 'dependencies-unsatisfiable'; readonly explanation: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'host-fault'; readonly code: ErrorCode; readonly message: string };

/** Whether everything that was asked of the task was done and passed. */
export function isPassed(outcome: Outcome): boolean {
  return outcome.kind === 'built';
}
