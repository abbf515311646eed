// SPDX-License-Identifier: GPL-2.0-or-later
import { get, type IncomingMessage } from 'node:http';
import type { RecordedEvent } from '../../src/events/events.ts';

/** A client of a campaign's stream of events. */
export interface EventClient extends Disposable {
  /** What came, in its order. */
  readonly events: readonly RecordedEvent[];
  /** Fulfilled when the event with that number is there; rejected when the stream breaks off before. */
  until(seq: number): Promise<void>;
}

/** Follows a campaign as a browser does. @param headers `Last-Event-ID` of one that was here before. */
export async function followEvents(
  address: string,
  campaign: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventClient> {
  const events: RecordedEvent[] = [];
  const waiters = new Set<{ seq: number; resolve: () => void; reject: (error: Error) => void }>();
  const opened = Promise.withResolvers<IncomingMessage>();
  const asked = get(`${address}/api/campaigns/${campaign}/events`, { headers, agent: false }, opened.resolve);
  asked.on('error', (error) => {
    opened.reject(error);
    breakOff(error);
  });
  function breakOff(error: Error): void {
    for (const waiter of waiters) waiter.reject(error);
  }
  const response = await opened.promise;
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data === undefined) continue;
      const event = JSON.parse(data) as RecordedEvent;
      if (part.split('\n')[0] !== `id: ${event.seq}`) throw new Error(`an event without its number: ${part}`);
      events.push(event);
    }
    for (const waiter of waiters) if ((events.at(-1)?.seq ?? 0) >= waiter.seq) waiter.resolve();
  });
  response.on('close', () => breakOff(new Error('the stream broke off')));
  return {
    events,
    async until(seq) {
      if ((events.at(-1)?.seq ?? 0) >= seq) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { seq, resolve, reject };
      waiters.add(waiter);
      await promise.finally(() => waiters.delete(waiter));
    },
    [Symbol.dispose]: () => void asked.destroy(),
  };
}
