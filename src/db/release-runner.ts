// SPDX-License-Identifier: GPL-2.0-or-later
import { isPasekaError } from '../base/paseka-error.ts';
import { lastingIdentity } from '../host/lasting-identity.ts';
import type { Database } from './database.ts';

/** Who runs a campaign, as the database has it. */
export function thisRunner(): string {
  return JSON.stringify(lastingIdentity());
}

/** Notes that this process does not run the campaign any more; where there is no room for that, its end will say the same. */
export function releaseRunner(database: Database, campaign: string): void {
  try {
    database.run('UPDATE campaigns SET runner = NULL WHERE id = ? AND runner = ?', campaign, thisRunner());
  } catch (error) {
    if (!isPasekaError(error, 'disk-full') && !isPasekaError(error, 'state-busy')) throw error;
  }
}
