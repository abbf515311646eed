// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { answers, campaignParameter, errorAnswer, send } from './answers.ts';

const cancel = createRoute({
  method: 'post',
  path: '/api/campaigns/{campaign}/cancel',
  summary: 'Stops a running campaign as Ctrl-C does; needs the token',
  request: {
    params: z.object({ campaign: campaignParameter }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.object({
            /** What is running is stopped too, instead of being let end within its grace period. */
            now: z.boolean().default(false),
          }),
        },
      },
    },
  },
  responses: {
    ...answers(z.object({ cancelled: z.string() }), 'It is stopping.'),
    401: errorAnswer('The token is missing.'),
    409: errorAnswer('It is not running.'),
  },
});

/** What there is to change. */
export function addChangeRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  app.openapi(cancel, (context) => {
    const { campaign } = context.req.valid('param');
    return send(context, { cancelled: parts.cancel(campaign, context.req.valid('json').now) });
  });
}
