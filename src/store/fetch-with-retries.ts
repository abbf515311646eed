// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import type { DigestAlgorithm, Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { publicUri } from '../base/public-uri.ts';
import type { DownloadEnd, DownloadRequest } from '../host/download.ts';
import { removePartialFile } from '../host/partial-file.ts';

/** A file of a repository: where it is and what it must be (distro/source-input.ts's RemoteFile, as far as it matters here). */
export interface FileToFetch {
  /** http, https, file or copy; may carry credentials. */
  readonly url: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly hashedBy?: DigestAlgorithm;
}

/** What the pool needs of host/download.ts's Downloader. */
export interface Downloads {
  download(request: DownloadRequest): Promise<DownloadEnd>;
}

export interface FetchWithRetriesRequest {
  readonly file: FileToFetch;
  /** Where it goes, and where what is there is continued. */
  readonly partial: string;
  /** Before the second attempt; doubled for each one after it. */
  readonly retryDelayMs: number;
  readonly signal: AbortSignal;
}

/** Attempts that bring nothing, in a row. */
const mostFruitlessAttempts = 4;

/**
 * Fetches a file, attempt after attempt: as long as each brings something, and a few more. What is wrong is thrown away
 * and asked for once more past all caches. True when the file is whole; false where the mirror has none. Throws
 * PasekaError as Pool.fetch says.
 */
export async function fetchWithRetries(
  downloads: Downloads,
  request: FetchWithRetriesRequest,
): Promise<boolean> {
  const { file, partial, signal } = request;
  let fruitless = 0;
  let wrong = 0;
  let fresh = false;
  for (;;) {
    const end = await downloads.download({
      url: file.url,
      path: partial,
      bytes: file.bytes,
      sha256: file.sha256,
      ...(file.hashedBy === undefined ? {} : { hashedBy: file.hashedBy }),
      fresh,
      signal,
    });
    fresh = false; // what a fresh copy has brought is continued: else one that always breaks off would never end
    switch (end.kind) {
      case 'complete':
        return true;
      case 'missing':
        await removePartialFile(partial);
        return false;
      case 'refused':
        throw unreachable(file, end.reason, 'check the address and the credentials (apt_auth.conf(5))');
      case 'wrong-content':
        await removePartialFile(partial);
        wrong++;
        fresh = true;
        fruitless = 0;
        if (wrong > 1) throw wrongContent(file, end.reason);
        break;
      case 'interrupted':
        fruitless = end.gainedBytes > 0 ? 0 : fruitless + 1;
        if (fruitless >= mostFruitlessAttempts) {
          throw unreachable(
            file,
            end.reason,
            'check the network and the proxy settings, then run it again: what came so far is kept',
          );
        }
        // when this is cancelled, the next attempt says so
        await delay(request.retryDelayMs * 2 ** Math.max(0, fruitless - 1), undefined, { signal }).catch(
          () => undefined,
        );
    }
  }
}

function wrongContent(file: FileToFetch, reason: string): PasekaError {
  const isLocal = /^(file|copy):/i.test(file.url);
  return new PasekaError(
    isLocal ? 'file-corrupt' : 'mirror-inconsistent',
    `${publicUri(file.url)} is not the file that the index promises: ${reason}`,
    isLocal
      ? "make the repository's indices again, then create the snapshot anew"
      : 'the mirror is broken or in the middle of an update: try again, create the snapshot anew, or take another mirror',
  );
}

function unreachable(file: FileToFetch, reason: string, hint: string): PasekaError {
  return new PasekaError('mirror-unreachable', `${publicUri(file.url)} can't be fetched: ${reason}`, hint);
}
