// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../base/invariant.ts';
import { didYouMean, nearestNames } from '../base/nearest-names.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { RecordedEvent } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { isStillRunning, type LastingIdentity } from '../host/lasting-identity.ts';
import type { Database } from './database.ts';
import { releaseRunner, thisRunner } from './release-runner.ts';

/**
 * `running`: a process works on it, also when all is built and its change is being judged · `interrupted`: it was killed, and
 * can be gone on with · `cancelled`: the user stopped it, and it can be gone on with · `ended`: every task has its outcome.
 */
export type CampaignStatus = 'running' | 'interrupted' | 'cancelled' | 'ended';

/** A campaign in a list. Times are milliseconds since the epoch. */
export interface CampaignSummary {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly snapshot: string;
  readonly suite: string;
  readonly architecture: string;
  readonly startedAt: number;
  /** Absent where it has not ended. */
  readonly endedAt?: number;
  readonly workers: number;
  /** Digest of what was tried out in it. */
  readonly overlay?: string;
  /** The campaign whose failures it built again without the change. */
  readonly baselineOf?: string;
  readonly tasks: number;
  readonly ended: number;
  readonly built: number;
  /** Of its last event: whoever has read so far has read all. */
  readonly lastSeq: number;
}

/** Events that are read at a time where all are wanted. */
const page = 5000;

/** Everything that is known of campaigns, for any process beside the one that runs one: commands, the page's server, reports. */
export class CampaignStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All campaigns, newest first. */
  list(): CampaignSummary[] {
    return this.#database.all<CampaignRow>(`${campaignQuery} ORDER BY number DESC`).map(summaryOf);
  }

  /**
   * The campaign whose id is or begins so. Throws PasekaError unknown-campaign with the nearest ids, also where there is more
   * than one.
   */
  find(idOrPrefix: string): CampaignSummary {
    const rows = this.#database.all<CampaignRow>(
      `${campaignQuery} WHERE substr(campaigns.id, 1, length(?1)) = ?1 AND ?1 <> '' ORDER BY number DESC`,
      idOrPrefix,
    );
    const row = rows.find(({ id }) => id === idOrPrefix) ?? rows[0];
    if (row === undefined) throw this.#unknown(idOrPrefix);
    if (rows.length === 1 || row.id === idOrPrefix) return summaryOf(row);
    throw new PasekaError(
      'unknown-campaign',
      `${rows.length} campaigns begin with ${idOrPrefix}`,
      `say more of the id: ${rows
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}${rows.length > 5 ? ', ...' : ''}`,
    );
  }

  /** At most `limit` events after the one numbered `afterSeq`, in their order. Throws PasekaError unknown-campaign. */
  events(id: string, afterSeq: number, limit: number): RecordedEvent[] {
    const rows = this.#database.all<{ seq: number; at: number; type: string; data: string }>(
      'SELECT seq, at, type, data FROM events WHERE campaign = ? AND seq > ? ORDER BY seq LIMIT ?',
      this.#numberOf(id),
      afterSeq,
      limit,
    );
    // What was written by events/events.ts is what it reads.
    return rows.map(
      ({ seq, at, type, data }) => ({ type, ...(JSON.parse(data) as object), seq, at }) as RecordedEvent,
    );
  }

  /** The state of a campaign after its last event. Throws PasekaError unknown-campaign. */
  state(id: string): CampaignState {
    const state = emptyCampaign();
    this.catchUp(id, state);
    return state;
  }

  /** Brings a state that was read before to the campaign's last event. Throws PasekaError unknown-campaign. */
  catchUp(id: string, state: CampaignState): void {
    for (;;) {
      const events = this.events(id, state.seq, page);
      for (const event of events) applyEvent(state, event);
      if (events.length < page) return;
    }
  }

  /** The process that runs it; undefined where none does. Throws PasekaError unknown-campaign. */
  runner(id: string): LastingIdentity | undefined {
    const [row] = this.#database.all<{ runner: string | null }>(
      'SELECT runner FROM campaigns WHERE number = ?',
      this.#numberOf(id),
    );
    return runningRunner(row?.runner ?? null);
  }

  /**
   * Makes it this process's own until that is disposed or the process ends: nobody else goes on with it or removes it. Throws
   * PasekaError campaign-running where another process has it, unknown-campaign.
   */
  claim(id: string): Disposable {
    const own = thisRunner();
    this.#database.transaction(() => {
      const runner = this.runner(id);
      if (runner !== undefined && JSON.stringify(runner) !== own) throw campaignRunning(id);
      this.#database.run('UPDATE campaigns SET runner = ?2 WHERE id = ?1', id, own);
    });
    return { [Symbol.dispose]: () => releaseRunner(this.#database, id) };
  }

  /** When its last event was, in milliseconds since the epoch. Throws PasekaError unknown-campaign. */
  lastEventAt(id: string): number {
    const [row] = this.#database.all<{ at: number | null }>(
      'SELECT max(at) AS at FROM events WHERE campaign = ?',
      this.#numberOf(id),
    );
    return row?.at ?? 0;
  }

  /** What the campaign was started with, as {@link CampaignWriter} was given it. Throws PasekaError unknown-campaign. */
  request(id: string): string {
    const [row] = this.#database.all<{ request: string | null }>(
      'SELECT request FROM campaigns WHERE number = ?',
      this.#numberOf(id),
    );
    invariant(typeof row?.request === 'string', `the campaign ${id} has no request`);
    return row.request;
  }

  /**
   * Removes all that is known of a campaign, its last events first, in steps that hold up nobody who writes: what is there
   * after a kill is the campaign as it once was. Nobody may be running it. Throws PasekaError unknown-campaign.
   */
  remove(id: string): void {
    const number = this.#numberOf(id);
    const [last] = this.#database.all<{ seq: number }>(
      'SELECT ifnull(max(seq), 0) AS seq FROM events WHERE campaign = ?',
      number,
    );
    for (let seq = last?.seq ?? 0; seq > 0; seq -= page) {
      this.#database.run('DELETE FROM events WHERE campaign = ? AND seq > ?', number, seq - page);
    }
    for (;;) {
      const removed = this.#database.all(
        `DELETE FROM tasks WHERE campaign = ?1
          AND task IN (SELECT task FROM tasks WHERE campaign = ?1 LIMIT ${page}) RETURNING task`,
        number,
      );
      if (removed.length < page) break;
    }
    this.#database.run('DELETE FROM campaigns WHERE number = ?', number);
  }

  /** Digests of all package files of the users' own that campaigns were started with: as long as there is one, they stay. */
  overlayFiles(): string[] {
    return this.#database
      .all<{ sha256: string }>(
        `SELECT DISTINCT package.value ->> 'sha256' AS sha256
        FROM events, json_each(events.data, '$.change.packages') AS package
        WHERE events.type = 'campaign-started' AND events.seq = 1`,
      )
      .map(({ sha256 }) => sha256);
  }

  #numberOf(id: string): number {
    const [row] = this.#database.all<{ number: number }>('SELECT number FROM campaigns WHERE id = ?', id);
    if (row === undefined) throw this.#unknown(id);
    return row.number;
  }

  #unknown(id: string): PasekaError {
    const ids = this.#database.all<{ id: string }>('SELECT id FROM campaigns ORDER BY number DESC');
    return new PasekaError(
      'unknown-campaign',
      `there is no campaign ${id}`,
      didYouMean(
        nearestNames(
          id,
          ids.map((row) => row.id),
        ),
        '`paseka campaign list` shows all of them',
      ),
    );
  }
}

/** Another process works on it. */
export function campaignRunning(id: string): PasekaError {
  return new PasekaError(
    'campaign-running',
    `the campaign ${id} is running`,
    `wait for it to end, or stop it: paseka campaign cancel ${id}`,
  );
}

const campaignQuery = `SELECT campaigns.id, snapshot, suite, architecture, started_at, ended_at, cancelled, workers,
  overlay, baseline_of, tasks, ended, built, last_seq, runner
  FROM campaigns JOIN snapshots ON snapshots.id = campaigns.snapshot`;

interface CampaignRow {
  readonly id: string;
  readonly snapshot: string;
  readonly suite: string;
  readonly architecture: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly cancelled: number;
  readonly workers: number;
  readonly overlay: string | null;
  readonly baseline_of: string | null;
  readonly tasks: number;
  readonly ended: number;
  readonly built: number;
  readonly last_seq: number;
  readonly runner: string | null;
}

function summaryOf(row: CampaignRow): CampaignSummary {
  return {
    id: row.id,
    status: statusOf(row),
    snapshot: row.snapshot,
    suite: row.suite,
    architecture: row.architecture,
    startedAt: row.started_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    workers: row.workers,
    ...(row.overlay === null ? {} : { overlay: row.overlay }),
    ...(row.baseline_of === null ? {} : { baselineOf: row.baseline_of }),
    tasks: row.tasks,
    ended: row.ended,
    built: row.built,
    lastSeq: row.last_seq,
  };
}

function statusOf(row: CampaignRow): CampaignStatus {
  if (runningRunner(row.runner) !== undefined) return 'running';
  if (row.ended_at === null) return 'interrupted';
  return row.cancelled === 0 ? 'ended' : 'cancelled';
}

function runningRunner(text: string | null): LastingIdentity | undefined {
  const runner = text === null ? undefined : (JSON.parse(text) as LastingIdentity);
  return runner !== undefined && isStillRunning(runner) ? runner : undefined;
}
