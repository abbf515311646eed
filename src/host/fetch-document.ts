// SPDX-License-Identifier: GPL-2.0-or-later
import { readFile, stat } from 'node:fs/promises';
import { PasekaError } from '../base/paseka-error.ts';
import { publicUri } from '../base/public-uri.ts';
import { reasonOf } from './download.ts';
import type { DownloadSettings } from './download-settings.ts';
import { isErrno } from './files.ts';
import { HttpConnections } from './http-connections.ts';
import { decodePath, discard, requestFollowing } from './http-request.ts';

const attempts = 3;

/** Fetches documents whose content nobody knows beforehand; keeps its connections until it is disposed. */
export class DocumentFetcher implements AsyncDisposable {
  readonly #settings: DownloadSettings;
  readonly #connections: HttpConnections;

  constructor(settings: DownloadSettings) {
    this.#settings = settings;
    this.#connections = new HttpConnections(settings);
  }

  /**
   * The content of an address (http, https, file) of at most `limitBytes`; undefined where there is no such document.
   * Throws PasekaError mirror-unreachable, also for one that is longer, and cancelled.
   */
  async fetch(address: string, limitBytes: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const abort = signal ?? new AbortController().signal;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(address, limitBytes, abort);
      } catch (error) {
        if (abort.aborted)
          throw new PasekaError(
            'cancelled',
            `fetching ${publicUri(address)} was cancelled`,
            'run the same command again',
            error,
          );
        if (attempt < attempts && !(error instanceof Refusal)) continue;
        throw new PasekaError(
          'mirror-unreachable',
          `${publicUri(address)} can't be fetched: ${reasonOf(error)}`,
          'see that the address is right and the server answers, then run the same command again',
          error,
        );
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections[Symbol.asyncDispose]();
  }

  async #attempt(address: string, limitBytes: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (!URL.canParse(address)) throw new Refusal('not an address');
    const url = new URL(address);
    switch (url.protocol) {
      case 'file:':
        return readLocal(decodePath(url.pathname), limitBytes);
      case 'http:':
      case 'https:':
        return this.#ask(url, limitBytes, signal);
      default:
        throw new Refusal(`addresses of ${url.protocol} can't be fetched`);
    }
  }

  async #ask(url: URL, limitBytes: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const response = await requestFollowing(url, {
      settings: this.#settings,
      connections: this.#connections,
      headers: { 'cache-control': 'max-age=0' },
      signal,
    });
    const { statusCode } = response;
    if (statusCode === 404 || statusCode === 410) {
      await discard(response);
      return undefined;
    }
    if (statusCode !== 200) {
      await discard(response);
      const reason = `the server answers ${statusCode}`;
      throw statusCode === 408 || statusCode === 429 || statusCode >= 500
        ? new Error(reason)
        : new Refusal(reason);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += (chunk as Buffer).length;
      if (bytes > limitBytes) {
        await discard(response);
        throw new Refusal(`it is longer than ${limitBytes} bytes`);
      }
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  }
}

/** Not worth another attempt. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

async function readLocal(path: string, limitBytes: number): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > limitBytes) throw new Refusal(`it is longer than ${limitBytes} bytes`);
    return await readFile(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (isErrno(error, 'EACCES', 'EPERM', 'EISDIR')) throw new Refusal(reasonOf(error));
    throw error;
  }
}
