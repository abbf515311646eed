// SPDX-License-Identifier: GPL-2.0-or-later
import type { RecordedEvent } from '../events/events.ts';
import type { CampaignSummary } from './api/campaigns.ts';

/**
 * Where the server learns of campaigns, this process's own and others' (db/campaign-store.ts is one). What an event has
 * been read of never changes; a running campaign only grows.
 */
export interface CampaignSource {
  /** All campaigns, newest first. */
  list(): readonly CampaignSummary[];
  /** The campaign whose id is or begins so. Throws PasekaError unknown-campaign. */
  find(idOrPrefix: string): CampaignSummary;
  /** At most `limit` events after the one numbered `afterSeq`, in their order. Throws PasekaError unknown-campaign. */
  events(id: string, afterSeq: number, limit: number): readonly RecordedEvent[];
}
