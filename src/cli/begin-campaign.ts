// SPDX-License-Identifier: GPL-2.0-or-later
import { campaignDirectory, makeCampaignId } from '../campaign/campaign-directory.ts';
import { EventRecorder } from '../campaign/event-recorder.ts';
import { LogPacker } from '../campaign/pack-logs.ts';
import { CampaignWriter } from '../db/campaign-writer.ts';
import type { Database } from '../db/database.ts';
import type { CampaignEvent } from '../events/events.ts';
import type { StateDirectory } from '../host/state-directory.ts';

/** A campaign whose events are kept until it is disposed. */
export interface BegunCampaign extends AsyncDisposable {
  readonly id: string;
  readonly directory: string;
  readonly recorder: EventRecorder;
  /** Waits until the logs of what has ended are packed: then they stay where they are. */
  packLogs(): Promise<void>;
  /** Says that it has started, as its first event: whoever wants to see all of them subscribes before. */
  start(): void;
}

/** What is said when a campaign starts, but for its id. */
export type CampaignStart = Omit<Extract<CampaignEvent, { type: 'campaign-started' }>, 'type' | 'campaign'>;

/** What the user asked for: enough to go on with the campaign. */
export interface CampaignRequest {
  readonly words: readonly string[];
  readonly options: object;
}

/** Makes a campaign's directory and recorder, and writes its events into the database, which stays the caller's. */
export async function beginCampaign(
  place: { readonly state: StateDirectory; readonly database: Database },
  start: CampaignStart,
  request: CampaignRequest,
  now: () => number,
): Promise<BegunCampaign> {
  const id = makeCampaignId(now());
  const directory = await campaignDirectory(place.state, id);
  const recorder = new EventRecorder(now);
  await using stack = new AsyncDisposableStack();
  const packer = stack.use(new LogPacker(directory));
  const writer = stack.use(new CampaignWriter(place.database, { request: JSON.stringify(request) }));
  recorder.subscribe(writer.write);
  recorder.subscribe(packer.read);
  const undo = stack.move();
  return {
    id,
    directory,
    recorder,
    start: () => recorder.emit({ type: 'campaign-started', campaign: id, ...start }),
    packLogs: () => packer[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}
