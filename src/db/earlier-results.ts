// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { Artifact } from '../events/events.ts';
import type { Database } from './database.ts';

/** A task that was built in an earlier campaign. */
export interface EarlierResult {
  readonly campaign: string;
  readonly artifacts: readonly Artifact[];
}

/** Looks for results of earlier campaigns that can be taken over. */
export class EarlierResults {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The newest tasks that were built from just these inputs, and not taken over themselves. */
  find(inputs: Sha256, limit: number): EarlierResult[] {
    const tasks = this.#database.all<{ campaign: number; id: string; task: number }>(
      `SELECT campaign, id, task FROM tasks JOIN campaigns ON number = campaign
        WHERE inputs = ? AND outcome = 'built' AND reused_from IS NULL ORDER BY campaign DESC LIMIT ?`,
      inputs,
      limit,
    );
    return tasks.map(({ campaign, id, task }) => ({
      campaign: id,
      artifacts: this.#database.all<Artifact>(
        'SELECT file, bytes, sha256 FROM artifacts WHERE campaign = ? AND task = ? ORDER BY file',
        campaign,
        task,
      ),
    }));
  }
}
