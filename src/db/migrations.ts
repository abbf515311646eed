// SPDX-License-Identifier: GPL-2.0-or-later
import { campaignsMigration } from './migrations/0001-campaigns.ts';
import { inputsMigration } from './migrations/0002-inputs.ts';

/**
 * What makes a database of version N one of version N + 1, at place N. Only ever added to: a database that somebody has
 * was made by those that are here. After a change: `script/test tests/integration/database.test.ts -u`.
 */
export const migrations: readonly string[] = [campaignsMigration, inputsMigration];
