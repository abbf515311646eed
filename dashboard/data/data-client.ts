// SPDX-License-Identifier: GPL-2.0-or-later
import type { RecordedEvent } from '../../src/events/events.ts';
import type { LogLines, LogMatches } from '../../src/server/api/tasks.ts';

/** How the page and its campaign are connected: `archived` is a file that never changes. */
export type Connection = 'live' | 'connecting' | 'archived';

/** Which attempt's log. */
export interface LogPlace {
  readonly campaign: string;
  readonly task: number;
  readonly attempt: number;
}

/** Where the page has its data from: a server, or the report that it stands in. */
export interface DataClient {
  readonly isLive: boolean;
  /** The document of the API at that path. Rejects with {@link ApiError}. */
  get<Document>(path: string): Promise<Document>;
  /** Asks for a change; what the server says of it. Rejects with {@link ApiError}. */
  post<Document>(path: string, body: object): Promise<Document>;
  /** Calls `onEvents` with the events after `afterSeq` as they come, until the result is called. */
  follow(
    campaign: string,
    afterSeq: number,
    onEvents: (events: readonly RecordedEvent[]) => void,
    onConnection: (connection: Connection) => void,
  ): () => void;
  logLines(place: LogPlace, from: number, count: number): Promise<LogLines>;
  searchLog(place: LogPlace, text: string, after: number): Promise<LogMatches>;
  /** Where a file of a task is; undefined where the report hasn't got it. */
  artifactAddress(campaign: string, task: number, file: string): string | undefined;
}

/** An answer that is none: what the server says of it. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string;

  constructor(status: number, message: string, hint: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.hint = hint;
  }
}
