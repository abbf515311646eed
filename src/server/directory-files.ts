// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { packedPath } from '../host/log/log-paths.ts';
import { type Log, openLog } from '../host/log/open-log.ts';
import { isElsewhere, openBelow } from '../host/open-below.ts';
import type { LogLines, LogMatches } from './api/tasks.ts';
import type { CampaignFiles, OpenFile } from './campaign-files.ts';

/**
 * Of a longer line only so much is shown: a program may write a megabyte without ending one. The lines that the page asks for
 * together are within `allBytes`, however long they are.
 */
const shown = { lineBytes: 16 * 1024, allBytes: 8 * 1024 * 1024 };
/** Of a line that was found. */
const found = { lineBytes: 4 * 1024 };

/** The files of campaigns that each have a directory below one. */
export class DirectoryFiles implements CampaignFiles {
  readonly #directory: string;

  /** @param directory that has the campaigns' own, named by their ids. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async open(campaign: string, path: string): Promise<OpenFile | undefined> {
    const file = await openBelow(join(this.#directory, campaign), path);
    if (file === undefined) return undefined;
    const { size } = await file.stat();
    const stream = file.readableWebStream({ autoClose: true }) as ReadableStream<Uint8Array>;
    return { bytes: size, stream };
  }

  async logLines(campaign: string, path: string, from: number, count: number): Promise<LogLines | undefined> {
    await using log = await this.#openLog(campaign, path);
    if (log === undefined) return undefined;
    const firstLine = Math.max(1, from < 0 ? log.lineCount + from + 1 : from);
    const lines = await log.lines(firstLine, count, shown);
    return { firstLine, lines: lines.map(({ text }) => text), totalLines: log.lineCount };
  }

  async searchLog(
    campaign: string,
    path: string,
    text: string,
    after: number,
    limit: number,
  ): Promise<LogMatches | undefined> {
    await using log = await this.#openLog(campaign, path);
    if (log === undefined) return undefined;
    const matches = await log.search(text, after + 1, limit + 1, found);
    return { matches: matches.slice(0, limit), hasMore: matches.length > limit };
  }

  async #openLog(campaign: string, path: string): Promise<Log | undefined> {
    const directory = join(this.#directory, campaign);
    const log = join(directory, path);
    for (const one of [log, packedPath(log)]) if (await isElsewhere(directory, one)) return undefined;
    return openLog(log);
  }
}
