// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignFeed, EncodedEvents } from './campaign-feed.ts';

const heartbeatMs = 15_000;
/** A client that takes nothing for so long is let go; it comes back by itself from its last event. */
const patienceMs = 60_000;

/** The part of an HTTP response that a stream writes to. */
export interface StreamTarget {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  write(bytes: Uint8Array | string): boolean;
  end(): unknown;
  destroy(): unknown;
  /** Whether the client has gone: then it tells nobody any more. */
  readonly destroyed: boolean;
  once(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Sends a campaign's events after `afterSeq` until the client goes or `signal` aborts. Bytes are shared with all
 * other clients. What a slow one has not taken is not kept for it: it is asked for again when there is room, so a client costs
 * no more than its socket's buffer.
 */
export function streamEvents(
  target: StreamTarget,
  feed: CampaignFeed,
  afterSeq: number,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): void {
  if (target.destroyed || signal.aborted) {
    target.destroy();
    return;
  }
  let seq = afterSeq;
  let isBlocked = false;
  let patience: NodeJS.Timeout | undefined;
  const write = (bytes: Uint8Array | string): void => {
    if (target.write(bytes)) return;
    isBlocked = true;
    patience = setTimeout(() => target.destroy(), patienceMs).unref();
    target.once('drain', () => {
      clearTimeout(patience);
      isBlocked = false;
      pump();
    });
  };
  const next = (): EncodedEvents | undefined => (isBlocked ? undefined : feed.encodedAfter(seq));
  const pump = (): void => {
    try {
      for (let some = next(); some !== undefined; some = next()) {
        seq = some.lastSeq;
        write(some.bytes);
      }
    } catch {
      // The campaign can't be read any more: whoever comes back is told why.
      target.destroy();
    }
  };
  target.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  write('retry: 1000\n\n');
  const heartbeat = setInterval(() => {
    if (!isBlocked) write(': still here\n\n');
  }, heartbeatMs).unref();
  const stop = (): void => {
    following[Symbol.dispose]();
    clearInterval(heartbeat);
    clearTimeout(patience);
    signal.removeEventListener('abort', end);
  };
  const end = (): void => {
    stop();
    target.end();
  };
  const following = feed.follow({ hasNew: pump, isOver: end });
  target.once('close', stop);
  signal.addEventListener('abort', end);
  pump();
}
