// SPDX-License-Identifier: GPL-2.0-or-later
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CampaignState } from '../events/campaign-state.ts';
import type { RecordedEvent } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { addToSeries, emptySeries, type ResourceSeries } from '../events/resource-series.ts';
import type { CampaignSource } from './campaign-source.ts';

/** Events read at a time: a few milliseconds, so that others get their turn. */
const pageEvents = 2000;
/** So many encoded bytes are kept for those who are nearly up to date. */
const recentBytes = 2 * 1024 * 1024;

/** Consecutive events, encoded once for all clients. */
export interface EncodedEvents {
  readonly afterSeq: number;
  readonly lastSeq: number;
  readonly bytes: Uint8Array;
}

/** Whoever follows a feed; none of the two throws. */
export interface Follower {
  /** There are new events. */
  readonly hasNew: () => void;
  /** None come any more: the campaign can't be read. */
  readonly isOver: () => void;
}

/**
 * One campaign as it goes on: its state by the fold, its resources over time, and its events for whoever follows it. It
 * looks at the source when {@link poll} is called.
 */
export class CampaignFeed {
  readonly state: CampaignState = emptyCampaign();
  readonly series: ResourceSeries = emptySeries();
  readonly id: string;
  readonly #source: CampaignSource;
  readonly #followers = new Set<Follower>();
  #recent: EncodedEvents[] = [];
  #catchingUp: Promise<void> | undefined;
  #isOver = false;

  constructor(id: string, source: CampaignSource) {
    this.id = id;
    this.#source = source;
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** Whether nobody would miss it: nobody follows it, and nobody waits until it has caught up to follow it then. */
  get isIdle(): boolean {
    return this.#followers.size === 0 && this.#catchingUp === undefined;
  }

  /** Takes all events that there are. A long campaign's are taken in many turns of the loop. */
  async catchUp(): Promise<void> {
    if (this.#followers.size > 0) return this.poll();
    this.#catchingUp ??= this.#takeInTurns().finally(() => {
      this.#catchingUp = undefined;
    });
    await this.#catchingUp;
  }

  async #takeInTurns(): Promise<void> {
    while (!this.#isOver && this.#take(false)) await nextTurn();
    for (const { hasNew } of this.#followers) hasNew();
  }

  /** Takes what is new and tells those who follow. */
  poll(): void {
    if (this.#catchingUp !== undefined) return;
    const before = this.state.seq;
    while (this.#take(true));
    if (this.state.seq === before) return;
    for (const { hasNew } of this.#followers) hasNew();
  }

  /** Tells a follower what happens, until the result is disposed. */
  follow(follower: Follower): Disposable {
    this.#followers.add(follower);
    return { [Symbol.dispose]: () => void this.#followers.delete(follower) };
  }

  /** Takes nothing more, and lets its followers go. */
  end(): void {
    this.#isOver = true;
    for (const { isOver } of [...this.#followers]) isOver();
  }

  /** The next events after `afterSeq`, as a stream of server-sent events; undefined where there are none. */
  encodedAfter(afterSeq: number): EncodedEvents | undefined {
    if (afterSeq >= this.state.seq) return undefined;
    const kept = this.#recent.find((some) => some.afterSeq === afterSeq);
    if (kept !== undefined) return kept;
    const next = this.#recent.find((some) => some.afterSeq > afterSeq)?.afterSeq ?? this.state.seq;
    const limit = Math.min(pageEvents, next - afterSeq);
    return encode(this.#source.events(this.id, afterSeq, limit));
  }

  /** One page; whether there may be more. */
  #take(isKept: boolean): boolean {
    const events = this.#source.events(this.id, this.state.seq, pageEvents);
    for (const event of events) {
      applyEvent(this.state, event);
      addToSeries(this.series, event);
    }
    const encoded = isKept && this.#followers.size > 0 ? encode(events) : undefined;
    if (encoded !== undefined) this.#keep(encoded);
    return events.length === pageEvents;
  }

  #keep(encoded: EncodedEvents): void {
    this.#recent.push(encoded);
    let bytes = this.#recent.reduce((sum, some) => sum + some.bytes.length, 0);
    while (bytes > recentBytes && this.#recent.length > 1) bytes -= this.#recent.shift()?.bytes.length ?? 0;
  }
}

/** The format of https://html.spec.whatwg.org/multipage/server-sent-events.html: an event's id is its number. */
function encode(events: readonly RecordedEvent[]): EncodedEvents | undefined {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const text = events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { afterSeq: first.seq - 1, lastSeq: last.seq, bytes: Buffer.from(text) };
}
