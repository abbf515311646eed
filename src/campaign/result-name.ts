// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import type { AttemptState } from '../events/campaign-state.ts';

/** Below a campaign's directory. */
const logs = 'logs';

/**
 * `name_version`: the name of a task's log and results. The colon behind an epoch is written as in the names of apt's own files:
 * versions that differ only in it are different sources.
 */
export function resultName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}_${version.replaceAll(':', '%3a')}`;
}

/** The log of an attempt, relative to its campaign's directory. */
export function logName(
  source: { readonly name: string; readonly version: string },
  attempt: number,
): string {
  return join(logs, `${resultName(source)}${ending(attempt)}`);
}

/**
 * The name of a task's results by the log of its last attempt. Earlier versions of this program left the epoch out of
 * both, and ended the names of further logs in `.2.log`; what they wrote is found all the same.
 */
export function resultNameOf({ attempt, log }: Pick<AttemptState, 'attempt' | 'log'>): string {
  const own = ending(attempt);
  return basename(log, log.endsWith(own) ? own : `.${attempt}.log`);
}

/** No version has an underscore, so that the second log of 1.0-1 is none of 1.0-1.2. */
function ending(attempt: number): string {
  return attempt === 1 ? '.log' : `_${attempt}.log`;
}
