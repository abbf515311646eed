// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { Artifact } from '../events/events.ts';
import type { Database } from './database.ts';

/** A task that was built in an earlier campaign. */
export interface EarlierResult {
  readonly campaign: string;
  /** Of its last attempt: its number, and its log's path relative to the campaign's directory. */
  readonly attempt: number;
  readonly log: string;
  readonly artifacts: readonly Artifact[];
}

/** Looks for results of earlier campaigns that can be taken over. */
export class EarlierResults {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The newest tasks that were built from just these inputs; after them those whose results were taken over themselves: they have
   * them still where the campaign that built them was deleted.
   */
  find(inputs: Sha256, limit: number): EarlierResult[] {
    const tasks = this.#database.all<{
      readonly campaign: number;
      readonly id: string;
      readonly task: number;
      readonly attempt: number;
      readonly log: string;
    }>(
      `SELECT tasks.campaign, id, task, max(attempt) AS attempt, log
        FROM tasks JOIN campaigns ON number = tasks.campaign JOIN attempts USING (campaign, task)
        WHERE inputs = ? AND tasks.outcome = 'built' GROUP BY tasks.campaign, task
        ORDER BY reused_from IS NOT NULL, tasks.campaign DESC LIMIT ?`,
      inputs,
      limit,
    );
    return tasks.map(({ campaign, id, task, attempt, log }) => ({
      campaign: id,
      attempt,
      log,
      artifacts: this.#database.all<Artifact>(
        'SELECT file, bytes, sha256 FROM artifacts WHERE campaign = ? AND task = ? ORDER BY file',
        campaign,
        task,
      ),
    }));
  }
}
