// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { campaignRunning } from '../../db/campaign-store.ts';
import { type CampaignStart, campaignStartSchema, retrySchema, startedRunSchema } from '../api/starts.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { answers, campaignParameter, errorAnswer, send, sendAccepted } from './answers.ts';

const params = z.object({ campaign: campaignParameter });

/** The answers of what changes something. */
const changeErrors = {
  400: errorAnswer('What was asked for is wrong.'),
  401: errorAnswer('The token is missing.'),
  403: errorAnswer('Asked by another site, or under another name than the server goes by.'),
  404: errorAnswer('There is no such campaign.'),
  409: errorAnswer('The campaign is not in a state for that.'),
};

const accepted = {
  202: {
    description: 'A process of its own has been started; ask /api/starts/{start} what becomes of it.',
    content: { 'application/json': { schema: startedRunSchema } },
  },
  ...changeErrors,
};

function bodyOf<Schema extends z.ZodType>(
  schema: Schema,
): {
  readonly required: true;
  readonly content: { readonly 'application/json': { readonly schema: Schema } };
} {
  return { required: true, content: { 'application/json': { schema } } };
}

const start = createRoute({
  method: 'post',
  path: '/api/campaigns',
  summary: 'Starts a campaign, as paseka rebuild does; needs the token',
  request: { body: bodyOf(campaignStartSchema) },
  responses: accepted,
});

const retry = createRoute({
  method: 'post',
  path: '/api/campaigns/{campaign}/retry',
  summary: 'Builds again what a campaign did not build, as paseka campaign retry does; needs the token',
  request: { params, body: bodyOf(retrySchema) },
  responses: accepted,
});

const resume = createRoute({
  method: 'post',
  path: '/api/campaigns/{campaign}/resume',
  summary: 'Goes on with a campaign that was stopped, as paseka campaign resume does; needs the token',
  request: { params, body: bodyOf(z.object({}).strict()) },
  responses: accepted,
});

const cancel = createRoute({
  method: 'post',
  path: '/api/campaigns/{campaign}/cancel',
  summary: 'Stops a running campaign as Ctrl-C does; needs the token',
  request: {
    params,
    body: bodyOf(
      z.object({
        /** What is running is stopped too, instead of being let end within its grace period. */
        now: z.boolean().default(false),
      }),
    ),
  },
  responses: { ...answers(z.object({ cancelled: z.string() }), 'It is stopping.'), ...changeErrors },
});

const show = createRoute({
  method: 'get',
  path: '/api/starts/{start}',
  summary: 'What became of a campaign that was started, retried or resumed here',
  request: {
    params: z.object({
      start: z
        .string()
        .min(1)
        .max(100)
        .openapi({ param: { name: 'start', in: 'path' } }),
    }),
  },
  responses: answers(startedRunSchema, 'The start.'),
});

/** What there is to change. */
export function addChangeRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  const { campaigns, starts } = parts;
  /** The whole id of a campaign that no process runs. */
  const stopped = (idOrPrefix: string): string => {
    const { id, status } = campaigns.find(idOrPrefix);
    if (status === 'running') throw campaignRunning(id);
    return id;
  };
  app.openapi(start, async (context) => {
    const asked = context.req.valid('json');
    return sendAccepted(context, await starts.start(['rebuild'], startOptions(asked), asked.sources));
  });
  app.openapi(retry, async (context) => {
    const campaign = stopped(context.req.valid('param').campaign);
    const { sources } = context.req.valid('json');
    return sendAccepted(context, await starts.start(['campaign', 'retry'], [], [campaign, ...sources]));
  });
  app.openapi(resume, async (context) => {
    const campaign = stopped(context.req.valid('param').campaign);
    return sendAccepted(context, await starts.start(['campaign', 'resume'], [], [campaign]));
  });
  app.openapi(cancel, (context) => {
    const { campaign } = context.req.valid('param');
    return send(context, { cancelled: parts.cancel(campaign, context.req.valid('json').now) });
  });
  app.openapi(show, async (context) => send(context, await starts.find(context.req.valid('param').start)));
}

/** As the command line has them; a value is never taken for an option, since it is joined to its option's name. */
function startOptions(asked: CampaignStart): string[] {
  const one = (option: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${option}=${value}`];
  return [
    ...asked.match.map((glob) => `--match=${glob}`),
    ...one('suite', asked.suite),
    ...one('snapshot', asked.snapshot),
    ...asked.with.map((path) => `--with=${path}`),
    ...asked.buildChange.map((path) => `--build-change=${path}`),
    ...one('jobs', asked.jobs),
    ...one('retries', asked.retries),
  ];
}
