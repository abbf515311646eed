// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState } from '../../src/events/campaign-state.ts';
import type { RecordedEvent } from '../../src/events/events.ts';
import { applyEvent } from '../../src/events/fold.ts';
import { addToSeries, type ResourceSeries } from '../../src/events/resource-series.ts';
import { fattenCampaign, type SlimCampaign } from '../../src/events/slim-campaign.ts';
import type { CampaignSummary } from '../../src/server/api/campaigns.ts';
import type { Connection, DataClient } from './data-client.ts';

/** A campaign on the page: what the server knew of it when it was asked, and every event since, by the same fold. */
export class CampaignFollower {
  readonly state: CampaignState;
  readonly #client: DataClient;
  readonly #listeners = new Set<() => void>();
  /** Events on resources since then: {@link series} may have been asked for earlier or later. */
  readonly #ofResources: RecordedEvent[] = [];
  #series: { readonly seq: number; readonly series: ResourceSeries } | undefined;
  #stop: (() => void) | undefined;
  #connection: Connection;
  #version = 0;
  #summary: CampaignSummary;

  constructor(client: DataClient, { summary, slim }: { summary: CampaignSummary; slim: SlimCampaign }) {
    this.#client = client;
    this.#summary = summary;
    this.state = fattenCampaign(slim);
    this.#connection = client.isLive ? 'connecting' : 'archived';
  }

  /** Counts up with every change of what is here: for useSyncExternalStore. */
  readonly version = (): number => this.#version;

  /** Whether a process works on it, as far as is known: one that was killed tells nobody but by {@link takeSummary}. */
  get isRunning(): boolean {
    if (this.state.endedAt !== undefined) return false;
    return this.#summary.status === 'running' || this.state.seq > this.#summary.lastSeq;
  }

  /** Whether a process has it, also while its change is judged after its end: it can be cancelled, and nothing else. */
  get isHeld(): boolean {
    return this.isRunning || this.#summary.status === 'running';
  }

  /** Takes what the server says of it by now. */
  takeSummary(summary: CampaignSummary): void {
    const before = this.#summary.status;
    this.#summary = summary;
    if (summary.status !== before) this.#changed();
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Follows the campaign as long as somebody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#client.follow(
      this.state.id,
      this.state.seq,
      (events) => this.#take(events),
      (connection) => {
        if (connection === this.#connection) return;
        this.#connection = connection;
        this.#changed();
      },
    );
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  /** Resources over time, going on with the campaign; undefined until {@link loadSeries} is done. */
  get series(): ResourceSeries | undefined {
    return this.#series?.series;
  }

  async loadSeries(): Promise<void> {
    if (this.#series !== undefined) return;
    const { seq, ...series } = await this.#client.get<ResourceSeries & { readonly seq: number }>(
      `/api/campaigns/${this.state.id}/resources`,
    );
    for (const event of this.#ofResources) if (event.seq > seq) addToSeries(series, event);
    this.#series = { seq, series };
    this.#changed();
  }

  #take(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.state.seq) continue;
      applyEvent(this.state, event);
      if (!/^(resources-|admission-|campaign-)/.test(event.type)) continue;
      this.#ofResources.push(event);
      if (this.#series !== undefined && event.seq > this.#series.seq) addToSeries(this.#series.series, event);
    }
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
