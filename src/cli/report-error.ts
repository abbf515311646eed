// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import { unwrapSuppressed } from '../base/unwrap-suppressed.ts';
import { exitStatus, exitStatusOf } from './exit-status.ts';

/** Shows an error where its reader looks, and gives the exit status for it. */
export function reportError(thrown: unknown, isJson: boolean, isVerbose: boolean): number {
  const error = unwrapSuppressed(thrown);
  if (!(error instanceof PasekaError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (isJson)
      printErrorDocument(
        'bug',
        text.split('\n')[0] ?? '',
        'please report it with the command that led to it',
      );
    process.stderr.write(`paseka: this is a bug, please report it:\n${text}\n`);
    return exitStatus.bug;
  }
  if (isJson) printErrorDocument(error.code, error.message, error.hint);
  process.stderr.write(`paseka: ${error.message}\n  ${error.hint} [${error.code}]\n`);
  if (isVerbose) {
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
      process.stderr.write(`  caused by ${cause.stack ?? cause.message}\n`);
    }
  }
  return exitStatusOf(error);
}

function printErrorDocument(code: string, message: string, hint: string): void {
  process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
}
