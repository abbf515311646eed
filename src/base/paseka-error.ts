// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What a user can meet as an error, with a stable code and a hint that says what to do.
 * A bug is not one of these: see invariant.ts. A task that did not pass is not one either: see events/outcome.ts.
 */

/**
 * The one list of codes. The value says whose hands the cure is in, and so the exit status (cli/exit-status.ts):
 * `usage` what was asked for is wrong · `host` this host, its network or its disk can't.
 */
export const errorCodes = {
  'bad-option': 'usage',
  'bad-source-list': 'usage',
  'bad-package-list': 'usage',
  'bad-source-package': 'usage',
  'bad-binary-package': 'usage',
  'bad-changes-file': 'usage',
  'unknown-source': 'usage',
  'unknown-package': 'usage',
  'unknown-suite': 'usage',
  'unknown-snapshot': 'usage',
  'unknown-campaign': 'usage',
  'campaign-running': 'usage',
  'campaign-not-running': 'usage',
  'unknown-log': 'usage',
  'empty-selection': 'usage',
  'unknown-task': 'usage',
  'unknown-start': 'usage',
  'snapshot-in-use': 'usage',
  'unsatisfiable-packages': 'usage',
  'no-repositories': 'usage',
  'not-a-directory': 'usage',
  'unknown-workdir': 'usage',
  'workdir-in-use': 'usage',
  'workdir-outdated': 'usage',
  'state-newer': 'host',
  'state-not-writable': 'host',
  'state-busy': 'host',
  'state-unsuitable': 'host',
  'database-damaged': 'host',
  'mirror-unreachable': 'host',
  'mirror-inconsistent': 'host',
  'signature-invalid': 'host',
  'index-expired': 'host',
  'index-corrupt': 'host',
  'file-not-on-mirror': 'host',
  'file-corrupt': 'host',
  'disk-full': 'host',
  'base-failed': 'host',
  'tool-missing': 'host',
  'tool-failed': 'host',
  'no-user-namespace': 'host',
  'no-subordinate-ids': 'host',
  'mount-failed': 'host',
  'sandbox-failed': 'host',
  'memory-short': 'host',
  cancelled: 'host',
} as const satisfies Readonly<Record<string, 'usage' | 'host'>>;

export type ErrorCode = keyof typeof errorCodes;

/** An error that names what went wrong, why, and what the user can do about it. */
export class PasekaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  /** @param hint one sentence that says what to do, with the exact command where there is one. */
  constructor(code: ErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PasekaError';
    this.code = code;
    this.hint = hint;
  }
}

/** Whether `error` is a {@link PasekaError}, of that code where one is given. */
export function isPasekaError(error: unknown, code?: ErrorCode): error is PasekaError {
  return error instanceof PasekaError && (code === undefined || error.code === code);
}
