// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { recordCampaign } from '../../tests/support/recorded-campaign.ts';
import type { RecordedEvent } from '../events/events.ts';
import { CampaignFeeds } from './campaign-feeds.ts';
import type { CampaignSource } from './campaign-source.ts';
import { type StreamTarget, streamEvents } from './event-stream.ts';

/** A source of campaigns without events, whose reading can be made to fail. */
function source(): { readonly campaigns: CampaignSource; isBroken: boolean; reads: number } {
  const made = {
    isBroken: false,
    reads: 0,
    campaigns: {
      list: () => [],
      find: (id: string) => ({ id }),
      events: (): RecordedEvent[] => {
        made.reads++;
        if (made.isBroken) throw new Error('busy');
        return [];
      },
    } as unknown as CampaignSource,
  };
  return made;
}

function target(isGone: boolean): StreamTarget & { ended: number } {
  const made = {
    ended: 0,
    destroyed: isGone,
    writeHead: () => undefined,
    write: () => true,
    end: () => made.ended++,
    destroy: () => made.ended++,
    once: () => undefined,
  };
  return made;
}

const signal = new AbortController().signal;

test('followers of what cannot be read are let go, and others are polled on', async () => {
  const made = source();
  using feeds = new CampaignFeeds(made.campaigns);
  const client = target(false);
  streamEvents(client, await feeds.open('a'), 0, {}, signal);
  expect(feeds.followers).toBe(1);
  made.isBroken = true;
  feeds.poll();
  expect(client.ended).toBe(1);
  expect(feeds.followers).toBe(0);
  await expect(feeds.open('a')).rejects.toThrow('busy');
  made.isBroken = false;
  streamEvents(target(false), await feeds.open('a'), 0, {}, signal);
  const { reads } = made;
  feeds.poll();
  expect(made.reads).toBe(reads + 1);
});

test('who left before the stream began follows nothing', async () => {
  using feeds = new CampaignFeeds(source().campaigns);
  streamEvents(target(true), await feeds.open('a'), 0, {}, signal);
  streamEvents(target(false), await feeds.open('a'), 0, {}, AbortSignal.abort());
  expect(feeds.followers).toBe(0);
});

test('a feed that is catching up is not forgotten for others that are opened meanwhile', async () => {
  const events = recordCampaign({ id: 'a', seed: 1, tasks: 400, workers: 4, startedAt: 0 });
  expect(events.length).toBeGreaterThan(4000);
  const made = source();
  const campaigns: CampaignSource = {
    ...made.campaigns,
    events: (id, afterSeq, limit) =>
      id === 'a' ? events.slice(afterSeq, afterSeq + limit) : made.campaigns.events(id, afterSeq, limit),
  };
  using feeds = new CampaignFeeds(campaigns);
  const opening = feeds.open('a');
  for (let index = 0; index < 10; index++) await feeds.open(`other ${index}`);
  const feed = await opening;
  expect(feed.state.seq).toBe(events.length);
  feed.follow({ hasNew: () => undefined, isOver: () => undefined });
  expect(feeds.followers).toBe(1);
});
