// SPDX-License-Identifier: GPL-2.0-or-later
import type { Verdict } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import type { Database } from './database.ts';

/** How a source ended in one campaign. Times are milliseconds since the epoch. */
export interface PastOutcome {
  readonly campaign: string;
  readonly snapshot: string;
  readonly suite: string;
  readonly architecture: string;
  readonly version: string;
  readonly outcome: Outcome['kind'];
  readonly verdict?: Verdict;
  /** The earlier campaign whose result was taken over. */
  readonly reusedFrom?: string;
  readonly endedAt: number;
}

/** A source that has failed each time since it last built. */
export interface FailingSource {
  readonly source: string;
  /** At its last failure. */
  readonly version: string;
  readonly outcome: Outcome['kind'];
  /** When the first failure in a row ended, and in which campaign. */
  readonly since: number;
  readonly firstCampaign: string;
  readonly lastCampaign: string;
  /** Failures in a row. */
  readonly failures: number;
}

/** How sources fared over campaigns. */
export class PackageHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All outcomes of a source, newest campaign first; of campaigns where it has ended. */
  outcomesOf(source: string): PastOutcome[] {
    const rows = this.#database.all<
      Omit<PastOutcome, 'verdict' | 'reusedFrom'> & { verdict: Verdict | null; reusedFrom: string | null }
    >(
      `SELECT campaigns.id AS campaign, snapshot, suite, architecture, version, outcome, verdict,
        reused_from AS reusedFrom, tasks.ended_at AS endedAt
      FROM tasks JOIN campaigns ON campaigns.number = tasks.campaign JOIN snapshots ON snapshots.id = snapshot
      WHERE source = ? AND outcome IS NOT NULL ORDER BY campaigns.number DESC`,
      source,
    );
    return rows.map(({ verdict, reusedFrom, ...row }) => ({
      ...row,
      ...(verdict === null ? {} : { verdict }),
      ...(reusedFrom === null ? {} : { reusedFrom }),
    }));
  }

  /**
   * Every source that failed when it was last built for this suite and architecture, by name. Campaigns with a change of
   * the user's don't count, nor do later levels of a staged one, which were built with what it gave itself, nor ends that say nothing of the package: cancelled, this host's fault, a file that the
   * mirror lacks.
   * @param asOf the last campaign that is looked at; default the newest.
   */
  failing(suite: string, architecture: string, asOf?: string): FailingSource[] {
    return this.#database.all<FailingSource>(
      `WITH told AS (
        SELECT source, version, outcome, tasks.ended_at, campaigns.id, number,
          max(CASE WHEN outcome = 'built' THEN number ELSE 0 END) OVER (PARTITION BY source) AS last_built
        FROM tasks JOIN campaigns ON campaigns.number = tasks.campaign JOIN snapshots ON snapshots.id = snapshot
        WHERE suite = ?1 AND architecture = ?2 AND overlay IS NULL AND outcome IS NOT NULL AND ifnull(level, 0) = 0
          AND (?3 IS NULL OR number <= (SELECT number FROM campaigns WHERE id = ?3))
          AND outcome NOT IN ('cancelled', 'host-fault', 'file-missing')
      ), failures AS (
        SELECT *, row_number() OVER (PARTITION BY source ORDER BY number) AS first,
          row_number() OVER (PARTITION BY source ORDER BY number DESC) AS last,
          count(*) OVER (PARTITION BY source) AS failures
        FROM told WHERE number > last_built
      )
      SELECT oldest.source AS source, newest.version AS version, newest.outcome AS outcome, oldest.ended_at AS since,
        oldest.id AS firstCampaign, newest.id AS lastCampaign, oldest.failures AS failures
      FROM failures AS oldest JOIN failures AS newest USING (source)
      WHERE oldest.first = 1 AND newest.last = 1 ORDER BY source`,
      suite,
      architecture,
      asOf ?? null,
    );
  }
}
