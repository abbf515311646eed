// SPDX-License-Identifier: GPL-2.0-or-later
import { CampaignFeed } from './campaign-feed.ts';
import type { CampaignSource } from './campaign-source.ts';

const pollMs = 250;
/** Feeds kept although nobody follows them. */
const mostIdle = 6;
const mostWarmed = 3;

/** The feeds of the campaigns that somebody looks at; the same one for all of them. */
export class CampaignFeeds implements Disposable {
  readonly #source: CampaignSource;
  /** In the order of their last use. */
  readonly #feeds = new Map<string, CampaignFeed>();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(source: CampaignSource) {
    this.#source = source;
    this.#timer = setInterval(() => this.poll(), pollMs);
    this.#timer.unref();
  }

  /** The feed of a campaign, caught up with its source and polled when it is followed at once. Throws PasekaError unknown-campaign. */
  async open(idOrPrefix: string): Promise<CampaignFeed> {
    const { id } = this.#source.find(idOrPrefix);
    const feed = this.#feeds.get(id) ?? new CampaignFeed(id, this.#source);
    this.#keep(feed);
    try {
      await feed.catchUp();
    } catch (error) {
      this.#end(feed);
      throw error;
    }
    this.#keep(feed);
    this.#forgetIdle();
    return feed;
  }

  /** Opens the newest campaigns ahead of those who will ask, one after the other. */
  async warm(): Promise<void> {
    for (const { id } of this.#source.list().slice(0, mostWarmed)) {
      if (this.#isOver) return;
      await this.open(id);
    }
  }

  get followers(): number {
    return this.#feeds.values().reduce((sum, feed) => sum + feed.followers, 0);
  }

  /**
   * Looks for new events of what is followed: at once, beside the four times in a second. What can't be read (its campaign
   * was deleted, the database is busy) lets its followers go: they come back, and are told why then.
   */
  poll(): void {
    for (const feed of [...this.#feeds.values()]) {
      if (feed.followers === 0) continue;
      try {
        feed.poll();
      } catch {
        this.#end(feed);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const feed of [...this.#feeds.values()]) this.#end(feed);
  }

  #keep(feed: CampaignFeed): void {
    this.#feeds.delete(feed.id);
    this.#feeds.set(feed.id, feed);
  }

  #end(feed: CampaignFeed): void {
    if (this.#feeds.get(feed.id) === feed) this.#feeds.delete(feed.id);
    feed.end();
  }

  #forgetIdle(): void {
    const idle = [...this.#feeds].filter(([, feed]) => feed.isIdle).map(([id]) => id);
    for (const id of idle.slice(0, Math.max(0, idle.length - mostIdle))) this.#feeds.delete(id);
  }
}
