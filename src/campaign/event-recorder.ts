// SPDX-License-Identifier: GPL-2.0-or-later

import type { CampaignState } from '../events/campaign-state.ts';
import type { CampaignEvent, RecordedEvent } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';

export type EventReader = (event: RecordedEvent, state: CampaignState) => void;

/**
 * Numbers and times the events of one campaign, keeps the fold over them, and hands each to its readers in the order
 * of subscription, synchronously: when `emit` returns, every reader has seen it.
 */
export class EventRecorder {
  readonly state: CampaignState;
  /** The clock of its events. */
  readonly now: () => number;
  readonly #readers: EventReader[] = [];

  /** @param state of a campaign that goes on; the recorder's from now on. */
  constructor(now: () => number, state: CampaignState = emptyCampaign()) {
    this.now = now;
    this.state = state;
  }

  subscribe(reader: EventReader): void {
    this.#readers.push(reader);
  }

  emit(event: CampaignEvent): void {
    const recorded = { ...event, seq: this.state.seq + 1, at: this.now() };
    applyEvent(this.state, recorded);
    for (const reader of this.#readers) reader(recorded, this.state);
  }
}
