// SPDX-License-Identifier: GPL-2.0-or-later
import { errorCodes, type PasekaError } from '../base/paseka-error.ts';

/** The stable contract of DESIGN: 0 all passed · 1 some task did not · 2 wrong usage · 3 this host can't · 70 a bug. */
export const exitStatus = { passed: 0, notPassed: 1, usage: 2, host: 3, bug: 70 } as const;

/** The one place where errors become exit statuses. */
export function exitStatusOf(error: PasekaError): number {
  return errorCodes[error.code] === 'usage' ? exitStatus.usage : exitStatus.host;
}
