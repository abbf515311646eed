// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { hostSchema } from '../api/host.ts';
import { type Savings, savingsOf } from '../savings.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { answers, send } from './answers.ts';

const show = createRoute({
  method: 'get',
  path: '/api/host',
  summary: 'The machine, what is kept on it, and what sharing saves',
  responses: answers(hostSchema, 'The host.'),
});

/** What there is to ask of the machine. */
export function addHostRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  app.openapi(show, async (context) => {
    const kept = await parts.readHost();
    const last = parts.campaigns.list().find(({ ended }) => ended > 0);
    const savings: Savings | undefined =
      last === undefined ? undefined : savingsOf(kept, (await parts.feeds.open(last.id)).state);
    return send(context, { ...kept, ...(savings === undefined ? {} : { savings }) });
  });
}
