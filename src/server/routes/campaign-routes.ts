// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ChangeUnderTest } from '../../events/events.ts';
import { slimCampaign } from '../../events/slim-campaign.ts';
import { securityHeaders } from '../access.ts';
import { campaignListSchema, campaignSchema, resourcesSchema, timelineSchema } from '../api/campaigns.ts';
import { streamEvents } from '../event-stream.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { timelineOf } from '../timeline.ts';
import { answers, campaignParameter, errorAnswer, send } from './answers.ts';

const list = createRoute({
  method: 'get',
  path: '/api/campaigns',
  summary: 'All campaigns, newest first',
  responses: answers(campaignListSchema, 'The campaigns.'),
});

const params = z.object({ campaign: campaignParameter });

const show = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}',
  summary: 'The state of a campaign, by columns; its events after `seq` continue it',
  request: { params },
  responses: answers(campaignSchema, 'The campaign.'),
});

const resources = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/resources',
  summary: 'What a campaign took of its host over time',
  request: { params },
  responses: answers(resourcesSchema, 'At most some hundred samples.'),
});

const timeline = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/timeline',
  summary: 'Which worker ran what when, with phases',
  request: { params },
  responses: answers(timelineSchema, 'All attempts that are over.'),
});

const events = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/events',
  summary:
    'The events of a campaign, and then those that come, as server-sent events whose ids are their numbers',
  request: {
    params,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    headers: z.object({ 'last-event-id': z.coerce.number().int().min(0).optional() }),
  },
  responses: {
    200: {
      description:
        'The stream: after the last event that the client has, else after `after`, else from the first.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    400: errorAnswer('The question is wrong.'),
    404: errorAnswer('There is none.'),
  },
});

/** What there is to ask of campaigns as a whole. */
export function addCampaignRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  const { campaigns, feeds } = parts;
  const changes = new Map<string, ChangeUnderTest | undefined>();
  app.openapi(list, (context) => {
    const withChanges = campaigns.list().map((summary) => {
      if (summary.overlay === undefined) return summary;
      if (!changes.has(summary.id)) {
        const first = campaigns.events(summary.id, 0, 1)[0];
        changes.set(summary.id, first?.type === 'campaign-started' ? first.change : undefined);
      }
      const change = changes.get(summary.id);
      return change === undefined ? summary : { ...summary, change };
    });
    return send(context, { campaigns: withChanges });
  });
  app.openapi(show, async (context) => {
    const { campaign } = context.req.valid('param');
    const feed = await feeds.open(campaign);
    return send(context, { summary: campaigns.find(feed.id), slim: slimCampaign(feed.state) });
  });
  app.openapi(resources, async (context) => {
    const { campaign } = context.req.valid('param');
    const { state, series } = await feeds.open(campaign);
    return send(context, { seq: state.seq, ...series });
  });
  app.openapi(timeline, async (context) => {
    const { campaign } = context.req.valid('param');
    return send(context, timelineOf((await feeds.open(campaign)).state));
  });
  app.openapi(events, async (context) => {
    const { campaign } = context.req.valid('param');
    const feed = await feeds.open(campaign);
    const after = context.req.valid('header')['last-event-id'] ?? context.req.valid('query').after ?? 0;
    if (context.req.method === 'HEAD')
      return context.body(null, 200, { 'content-type': 'text/event-stream' });
    streamEvents(context.env.outgoing, feed, after, securityHeaders, parts.signal);
    // The response is written to directly: two hundred followers would cost a core through web streams.
    return context.body(null, 200, { 'x-hono-already-sent': 'true' });
  });
}
