// SPDX-License-Identifier: GPL-2.0-or-later
import { createReadStream } from 'node:fs';
import type { Dispatcher } from 'undici';
import type { DigestAlgorithm, Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { publicUri } from '../base/public-uri.ts';
import type { DownloadSettings } from './download-settings.ts';
import { isErrno } from './files.ts';
import { HttpConnections } from './http-connections.ts';
import { decodePath, discard, requestFollowing } from './http-request.ts';
import { PartialFile } from './partial-file.ts';

export interface DownloadRequest {
  /** http, https, file or copy, with credentials where it has any. */
  readonly url: string;
  /** Where the content goes; what is there from an earlier attempt is continued. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  /** Which digest that is made of, where it is none itself (base/digest.ts, contentName). */
  readonly hashedBy?: DigestAlgorithm;
  /** Asks caches on the way for a fresh copy, from the beginning. */
  readonly fresh?: boolean;
  readonly signal: AbortSignal;
}

/** How one attempt ended. */
export type DownloadEnd =
  /** The file is whole and its size and digest are as they must be. */
  | { readonly kind: 'complete' }
  /** The server says that there is no such file. */
  | { readonly kind: 'missing' }
  /** Something was sent to its end, but it is not that file. */
  | { readonly kind: 'wrong-content'; readonly reason: string }
  /** Worth another attempt: what came so far is kept. */
  | { readonly kind: 'interrupted'; readonly reason: string; readonly gainedBytes: number }
  /** The server will not give it, however often it is asked. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Fetches single files; keeps its connections until it is disposed. */
export class Downloader implements AsyncDisposable {
  readonly #settings: DownloadSettings;
  readonly #connections: HttpConnections;

  constructor(settings: DownloadSettings) {
    this.#settings = settings;
    this.#connections = new HttpConnections(settings);
  }

  /** One attempt. Throws PasekaError cancelled and disk-full. */
  async download(wanted: DownloadRequest): Promise<DownloadEnd> {
    await using file = await PartialFile.open(wanted.path, wanted.hashedBy);
    if (wanted.fresh === true || file.bytes > wanted.bytes) await file.restart(undefined);
    const before = file.bytes;
    try {
      const end = before === wanted.bytes && before > 0 ? undefined : await this.#fill(file, wanted);
      return end ?? check(file, wanted);
    } catch (error) {
      if (wanted.signal.aborted) throw cancelled(wanted.url, error);
      if (error instanceof PasekaError) throw error;
      const gainedBytes = Math.max(0, file.bytes - before);
      return { kind: 'interrupted', reason: reasonOf(error), gainedBytes };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections[Symbol.asyncDispose]();
  }

  async #fill(file: PartialFile, wanted: DownloadRequest): Promise<DownloadEnd | undefined> {
    const url = parseUrl(wanted.url);
    if (url === undefined) return { kind: 'refused', reason: 'not an address' };
    switch (url.protocol) {
      case 'file:':
      case 'copy:':
        return fillFromFile(file, url, wanted);
      case 'http:':
      case 'https:':
        return this.#fillFromServer(file, url, wanted);
      default:
        return { kind: 'refused', reason: `addresses of ${url.protocol} can't be fetched` };
    }
  }

  async #fillFromServer(
    file: PartialFile,
    url: URL,
    wanted: DownloadRequest,
  ): Promise<DownloadEnd | undefined> {
    const validator = file.bytes > 0 ? await file.validator() : undefined;
    const response = await requestFollowing(url, {
      settings: this.#settings,
      connections: this.#connections,
      headers: {
        ...(file.bytes > 0 ? { range: `bytes=${file.bytes}-` } : {}),
        ...(validator === undefined ? {} : { 'if-range': validator }),
        ...(wanted.fresh === true ? { 'cache-control': 'no-cache' } : {}),
      },
      signal: wanted.signal,
    });
    const { statusCode, headers } = response;
    const isContinued =
      statusCode === 206 && headers['content-range']?.toString().startsWith(`bytes ${file.bytes}-`);
    if (statusCode !== 200 && isContinued !== true) {
      await discard(response);
      if (statusCode === 206 || statusCode === 416) await file.restart(undefined);
      return endOfStatus(statusCode);
    }
    if (statusCode === 200) await file.restart(validatorOf(headers));
    for await (const chunk of response.body) {
      if (file.bytes + (chunk as Buffer).length > wanted.bytes) {
        await discard(response);
        return { kind: 'wrong-content', reason: `it is longer than ${wanted.bytes} bytes` };
      }
      await file.append(chunk as Buffer);
    }
    return undefined;
  }
}

async function fillFromFile(
  file: PartialFile,
  url: URL,
  wanted: DownloadRequest,
): Promise<DownloadEnd | undefined> {
  await file.restart(undefined);
  try {
    const source = createReadStream(decodePath(url.pathname), {
      highWaterMark: 1024 * 1024,
      signal: wanted.signal,
    });
    for await (const chunk of source) {
      if (file.bytes + (chunk as Buffer).length > wanted.bytes) {
        return { kind: 'wrong-content', reason: `it is longer than ${wanted.bytes} bytes` };
      }
      await file.append(chunk as Buffer);
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return { kind: 'missing' };
    if (isErrno(error, 'EACCES', 'EPERM', 'EISDIR')) return { kind: 'refused', reason: reasonOf(error) };
    throw error;
  }
  return undefined;
}

function check(file: PartialFile, wanted: DownloadRequest): DownloadEnd {
  if (file.bytes !== wanted.bytes) {
    return { kind: 'wrong-content', reason: `it has ${file.bytes} bytes instead of ${wanted.bytes}` };
  }
  const name = file.contentName();
  if (name === wanted.sha256) return { kind: 'complete' };
  const { hashedBy, sha256 } = wanted;
  const reason =
    hashedBy === undefined ? `its SHA-256 is ${name} instead of ${sha256}` : `its ${hashedBy} is another one`;
  return { kind: 'wrong-content', reason };
}

function endOfStatus(status: number): DownloadEnd {
  if (status === 404 || status === 410) return { kind: 'missing' };
  const reason = `the server answers ${status}`;
  const isWorthRetrying =
    status === 206 || status === 408 || status === 416 || status === 429 || status >= 500;
  return isWorthRetrying ? { kind: 'interrupted', reason, gainedBytes: 0 } : { kind: 'refused', reason };
}

/** A strong entity tag or a date (RFC 9110, 13.1.5). */
function validatorOf(headers: Dispatcher.ResponseData['headers']): string | undefined {
  const etag = headers['etag']?.toString();
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return headers['last-modified']?.toString();
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The last words of an error that has none of its own. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return error.message || (inner === undefined ? error.name : reasonOf(inner));
}

function cancelled(url: string, cause: unknown): PasekaError {
  return new PasekaError(
    'cancelled',
    `fetching ${publicUri(url)} was cancelled`,
    'run the same command again',
    cause,
  );
}
