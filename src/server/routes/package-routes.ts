// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PasekaError } from '../../base/paseka-error.ts';
import { packageSchema } from '../api/packages.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { answers, send } from './answers.ts';

const show = createRoute({
  method: 'get',
  path: '/api/packages/{source}',
  summary: 'How a source fared over campaigns, and since when it fails',
  request: { params: z.object({ source: z.string().min(1).max(200) }) },
  responses: answers(packageSchema, 'The source.'),
});

/** What there is to ask of sources over campaigns. */
export function addPackageRoutes(app: OpenAPIHono<ServerEnvironment>, { packages }: ServerParts): void {
  app.openapi(show, (context) => {
    const { source } = context.req.valid('param');
    const outcomes = packages.outcomesOf(source);
    if (outcomes.length === 0) {
      throw new PasekaError(
        'unknown-source',
        `${source} ended in no campaign`,
        'look at the tasks of a campaign',
      );
    }
    const places = new Map(outcomes.map((one) => [`${one.suite} ${one.architecture}`, one]));
    const failing = [...places.values()].flatMap(({ suite, architecture }) =>
      packages
        .failing(suite, architecture)
        .filter((one) => one.source === source)
        .map((one) => ({ ...one, suite, architecture })),
    );
    return send(context, { source, outcomes, failing });
  });
}
