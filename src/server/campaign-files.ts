// SPDX-License-Identifier: GPL-2.0-or-later
import type { LogLines, LogMatches } from './api/tasks.ts';

/** A file open for sending. */
export interface OpenFile {
  readonly bytes: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/** The files of campaigns: none that is not in the campaign's own directory, whatever path or link leads there. */
export interface CampaignFiles {
  /** Undefined where there is no such plain file. The stream has to be read or cancelled. */
  open(campaign: string, path: string): Promise<OpenFile | undefined>;
  /** At most `count` lines from line `from` (counts from 1; below 0 from the end); undefined where there is no such log. */
  logLines(campaign: string, log: string, from: number, count: number): Promise<LogLines | undefined>;
  /** The first `limit` lines after line `after` that contain `text`, letter for letter. */
  searchLog(
    campaign: string,
    log: string,
    text: string,
    after: number,
    limit: number,
  ): Promise<LogMatches | undefined>;
}
