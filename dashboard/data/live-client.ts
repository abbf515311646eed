// SPDX-License-Identifier: GPL-2.0-or-later
import type { RecordedEvent } from '../../src/events/events.ts';
import type { ErrorDocument } from '../../src/server/api/errors.ts';
import type { LogLines, LogMatches } from '../../src/server/api/tasks.ts';
import { ApiError, type Connection, type DataClient, type LogPlace } from './data-client.ts';

/** Events are applied in batches: a thousand in a second are four updates of the page. */
const batchMs = 250;
const reopenMs = 2000;

/** The server that the page came from. */
export const liveClient: DataClient = {
  isLive: true,
  get: async <Document>(path: string) => (await ask(path)) as Document,
  post: async <Document>(path: string, body: object) =>
    (await ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })) as Document,
  follow,
  logLines: async (place, from, count) =>
    (await ask(`${logPath(place)}?attempt=${place.attempt}&from=${from}&count=${count}`)) as LogLines,
  searchLog: async (place, text, after) => {
    const query = new URLSearchParams({ attempt: String(place.attempt), text, after: String(after) });
    return (await ask(`${logPath(place)}/search?${query}`)) as LogMatches;
  },
  artifactAddress: (campaign, task, file) =>
    `/api/campaigns/${campaign}/tasks/${task}/artifacts/${encodeURIComponent(file)}`,
};

function logPath({ campaign, task }: LogPlace): string {
  return `/api/campaigns/${campaign}/tasks/${task}/log`;
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'the server does not answer', 'it is asked again as soon as it is back');
  }
  if (response.ok) return response.json();
  let document: Partial<ErrorDocument> = {};
  try {
    document = (await response.json()) as ErrorDocument;
  } catch {
    // something between us and the server answered
  }
  const { message = `status ${response.status}`, hint = '' } = document.error ?? {};
  throw new ApiError(response.status, message, hint);
}

/**
 * The browser comes back by itself after a broken connection; after a refusal it doesn't, so we open again. A page that
 * nobody sees isn't connected: a browser has six connections to a server, for all its tabs.
 */
function follow(
  campaign: string,
  afterSeq: number,
  onEvents: (events: readonly RecordedEvent[]) => void,
  onConnection: (connection: Connection) => void,
): () => void {
  let seq = afterSeq;
  let waiting: RecordedEvent[] = [];
  let flushTimer: number | undefined;
  let reopenTimer: number | undefined;
  let source: EventSource | undefined;
  const flush = (): void => {
    flushTimer = undefined;
    const events = waiting;
    waiting = [];
    onEvents(events);
  };
  const open = (): void => {
    source = new EventSource(`/api/campaigns/${campaign}/events?after=${seq}`);
    source.addEventListener('open', () => onConnection('live'));
    source.addEventListener('message', (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as RecordedEvent;
      seq = event.seq;
      waiting.push(event);
      flushTimer ??= window.setTimeout(flush, batchMs);
    });
    source.addEventListener('error', () => {
      onConnection('connecting');
      if (source?.readyState === EventSource.CLOSED) reopenTimer = window.setTimeout(open, reopenMs);
    });
  };
  const close = (): void => {
    source?.close();
    source = undefined;
    clearTimeout(reopenTimer);
  };
  const openWhereSeen = (): void => {
    if (document.hidden) close();
    else if (source === undefined) open();
  };
  document.addEventListener('visibilitychange', openWhereSeen);
  openWhereSeen();
  return () => {
    document.removeEventListener('visibilitychange', openWhereSeen);
    close();
    clearTimeout(flushTimer);
  };
}
