// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../base/invariant.ts';
import { isPasekaError, type PasekaError } from '../base/paseka-error.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { RecordedEvent } from '../events/events.ts';
import { BackgroundSync } from '../host/background-sync.ts';
import type { Database } from './database.ts';
import { releaseRunner, thisRunner } from './release-runner.ts';
import { type RowChange, RowsOfEvents } from './rows-of-events.ts';

/** Longest time that an event waits to be committed: a kill loses no more, a reader beside us lags no more. */
const commitEveryMs = 100;
/** About as much as a power failure may take. */
const syncEveryMs = 1000;

export interface WriterOptions {
  /** Everything that is needed to go on with the campaign; JSON. */
  readonly request: string;
  /** Called when the disk is full, and with undefined when there is room again; events wait in memory between. */
  readonly onDiskFull?: (error: PasekaError | undefined) => void;
}

/**
 * Writes the events of one campaign, a new one or one that goes on, into the database: subscribe {@link write}. A task that has
 * ended is committed before `write` returns, everything else within 100 ms; all of that survives the end of this process, however it
 * ends, and a power failure about a second later. Nothing is lost where the disk is full for a while. Disposing it writes
 * what is left, and that no process runs the campaign any more; the caller owns the database.
 */
export class CampaignWriter implements AsyncDisposable {
  readonly #database: Database;
  readonly #options: WriterOptions;
  readonly #rows = new RowsOfEvents();
  readonly #sync: BackgroundSync;
  #pending: RowChange[] = [];
  #start: { readonly event: RecordedEvent & { readonly type: 'campaign-started' } } | undefined;
  #resumed: string | undefined;
  #number: number | undefined;
  #state: CampaignState | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDiskFull = false;
  #committedSeq = 0;

  constructor(database: Database, options: WriterOptions) {
    this.#database = database;
    this.#options = options;
    this.#sync = new BackgroundSync(`${database.path}-wal`, syncEveryMs);
  }

  /** Takes the next event. Throws what the database throws, but for a full disk or one that others hold. */
  readonly write = (event: RecordedEvent, state: CampaignState): void => {
    this.#state = state;
    if (event.type === 'campaign-started') this.#start = { event };
    if (event.type === 'campaign-resumed') this.#resumed = state.id;
    this.#pending.push(...this.#rows.changesOf(event));
    if (event.type === 'task-ended' && !this.#isDiskFull) this.#commit();
    else this.#timer ??= setTimeout(this.#commit, commitEveryMs);
  };

  /** Commits everything that was taken. Throws what {@link write} throws. */
  commit(): void {
    this.#commit();
  }

  /** The number of the last event that is committed: it and all before it are the database's. */
  get committedSeq(): number {
    return this.#committedSeq;
  }

  /** Throws PasekaError disk-full where there is still no room: then the last events are lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      clearTimeout(this.#timer);
      if (this.#pending.length > 0) {
        this.#number = this.#database.transaction(this.#write);
        this.#sync.wrote();
      }
      if (this.#number !== undefined) releaseRunner(this.#database, this.#state?.id ?? '');
    } finally {
      await this.#sync[Symbol.asyncDispose]();
    }
  }

  readonly #commit = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    try {
      this.#number = this.#database.transaction(this.#write);
    } catch (error) {
      // Another process may hold the database longer than it is waited for: that ends too.
      const isBusy = isPasekaError(error, 'state-busy');
      if (!isBusy && !isPasekaError(error, 'disk-full')) throw error;
      this.#timer = setTimeout(this.#commit, syncEveryMs);
      if (isBusy) return;
      if (!this.#isDiskFull) this.#tellDiskFull(error);
      return;
    }
    this.#pending = [];
    this.#committedSeq = this.#state?.seq ?? 0;
    this.#sync.wrote();
    if (this.#isDiskFull) this.#tellDiskFull(undefined);
  };

  /** Later, because whoever is told may have an event to tell himself. */
  #tellDiskFull(error: PasekaError | undefined): void {
    this.#isDiskFull = error !== undefined;
    setImmediate(() => this.#options.onDiskFull?.(error));
  }

  readonly #write = (): number => {
    const number = this.#number ?? this.#open();
    for (const { sql, values } of this.#pending) this.#database.run(sql, number, ...values);
    const state = this.#state;
    invariant(state !== undefined, 'there are changes, but there was no event');
    const { tasks, ended, built } = state.totals;
    this.#database.run(
      'UPDATE campaigns SET tasks = ?2, ended = ?3, built = ?4, last_seq = ?5 WHERE number = ?1',
      number,
      tasks,
      ended,
      built,
      state.seq,
    );
    return number;
  };

  /** The campaign's number: of a row made now, or of the one that is there, which this process runs from now on. */
  #open(): number {
    const runner = thisRunner();
    if (this.#start !== undefined) return this.#insert(this.#start.event, runner);
    invariant(this.#resumed !== undefined, 'the first event neither starts a campaign nor goes on with one');
    const [row] = this.#database.all<{ number: number }>(
      'UPDATE campaigns SET runner = ?2 WHERE id = ?1 RETURNING number',
      this.#resumed,
      runner,
    );
    invariant(row !== undefined, `a campaign goes on that is not in the database: ${this.#resumed}`);
    return row.number;
  }

  #insert(event: RecordedEvent & { readonly type: 'campaign-started' }, runner: string): number {
    const { snapshot, suite, architecture } = event;
    this.#database.run(
      'INSERT OR IGNORE INTO snapshots (id, suite, architecture) VALUES (?, ?, ?)',
      snapshot,
      suite,
      architecture,
    );
    return this.#database.run(
      `INSERT INTO campaigns (id, snapshot, started_at, workers, overlay, baseline_of, request, runner)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      event.campaign,
      snapshot,
      event.at,
      event.workers,
      event.change?.overlay ?? null,
      event.baselineOf ?? null,
      this.#options.request,
      runner,
    );
  }
}
