// SPDX-License-Identifier: GPL-2.0-or-later

/**
 * What sort of failure a log tells of:
 *
 * - `missing-dependency`: something of another package is not there: a header, library, module or program
 * - `configure`: the build can't be set up here, for another reason than a missing dependency
 * - `build-system`: the build's own files are wrong: no rule to make a target, a syntax error in a Makefile
 * - `compile-error`: a compiler or interpreter refuses the source, warnings that count as errors among it
 * - `linker-error`: symbols that are undefined, or defined twice
 * - `test-failure`: the package was built, but its tests don't pass
 * - `documentation`: a manual could not be made
 * - `patch`: a patch doesn't apply · `unpack`: the source package can't be unpacked
 * - `install`: files are not where the package's description says, or where they must not be
 * - `symbols`: what libraries export or need is not what is declared
 * - `out-of-memory`, `disk-full`, `network`: the build itself says that it had not enough, or asked for what isn't there
 * - `crash`: a tool of the build died · `timeout`: a test runner gave up waiting
 * - `maintainer-script`: a script of a package failed at its installation or removal
 * - `unknown`: no rule matches
 */
export type FailureClass =
  | 'missing-dependency'
  | 'configure'
  | 'build-system'
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
  /** The first lines that decide it, at most five; `line` counts from 1. Empty where the log says nothing at all. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  /**
   * The kind of failure and its subject, without what differs from package to package and from run to run: equal ones
   * over a campaign form a cluster. Readable: `missing-header: zlib.h`.
   */
  readonly fingerprint: string;
}
