// SPDX-License-Identifier: GPL-2.0-or-later
import type { PastAttempt } from '../events/past-attempt.ts';
import type { Database } from './database.ts';

/** What builds took in earlier campaigns, of attempts that came to building; for predictions. */
export class TaskHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last `limit` attempts of a source on an architecture, newest first. */
  attemptsOf(source: string, architecture: string, limit: number): PastAttempt[] {
    const rows = this.#database.all<PastRow>(
      `${pastQuery} AND tasks.source = ? ORDER BY campaigns.number DESC, attempts.attempt DESC LIMIT ?`,
      architecture,
      source,
      limit,
    );
    return rows.map(pastAttempt);
  }

  /**
   * The last `perSource` attempts of every source that was ever built on an architecture, each list newest first: one
   * look for a whole archive.
   */
  allAttempts(architecture: string, perSource: number): Map<string, PastAttempt[]> {
    const rows = this.#database.all<PastRow>(
      `SELECT * FROM (
        SELECT past.*, row_number() OVER (PARTITION BY source ORDER BY number DESC, attempt DESC) AS place
        FROM (${pastQuery}) AS past
      ) WHERE place <= ? ORDER BY source, place`,
      architecture,
      perSource,
    );
    const bySource = new Map<string, PastAttempt[]>();
    for (const row of rows) {
      const attempts = bySource.get(row.source) ?? [];
      attempts.push(pastAttempt(row));
      bySource.set(row.source, attempts);
    }
    return bySource;
  }
}

const pastQuery = `SELECT tasks.source AS source, campaigns.number AS number, campaigns.id AS campaign,
  tasks.version AS version, attempts.attempt AS attempt, attempts.outcome AS outcome, parallel,
  attempts.ended_at AS endedAt, wall_ms AS wallMs, build_ms AS buildMs, cpu_ms AS cpuMs,
  peak_memory_bytes AS peakMemoryBytes, upper_bytes AS upperBytes
  FROM attempts JOIN tasks USING (campaign, task) JOIN campaigns ON campaigns.number = attempts.campaign
  JOIN snapshots ON snapshots.id = campaigns.snapshot
  WHERE snapshots.architecture = ? AND worker IS NOT NULL AND build_ms > 0`;

interface PastRow extends Omit<PastAttempt, 'parallel'> {
  readonly source: string;
  readonly parallel: number | null;
}

function pastAttempt(row: PastRow): PastAttempt {
  return {
    campaign: row.campaign,
    version: row.version,
    outcome: row.outcome,
    ...(row.parallel === null ? {} : { parallel: row.parallel }),
    endedAt: row.endedAt,
    wallMs: row.wallMs,
    buildMs: row.buildMs,
    cpuMs: row.cpuMs,
    peakMemoryBytes: row.peakMemoryBytes,
    upperBytes: row.upperBytes,
  };
}
