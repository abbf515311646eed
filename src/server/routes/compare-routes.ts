// SPDX-License-Identifier: GPL-2.0-or-later
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PasekaError } from '../../base/paseka-error.ts';
import { type CampaignComparison, compareCampaigns } from '../../campaign/compare/compare-campaigns.ts';
import type { CampaignState, TaskState } from '../../events/campaign-state.ts';
import { decisiveLine } from '../../events/decisive-line.ts';
import {
  type ComparedSide,
  type Comparison,
  comparisonSchema,
  packageDifferencesSchema,
} from '../api/compare.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { answers, send } from './answers.ts';

const side = (name: 'before' | 'after'): z.ZodString =>
  z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name, in: 'path' } });
const params = z.object({ before: side('before'), after: side('after') });

const compare = createRoute({
  method: 'get',
  path: '/api/compare/{before}/{after}',
  summary: 'What became of each source from one campaign to another, what got worse first',
  request: { params },
  responses: answers(comparisonSchema, 'The comparison.'),
});

const packages = createRoute({
  method: 'get',
  path: '/api/compare/{before}/{after}/packages/{source}',
  summary: 'How the packages differ that two builds of a source gave',
  request: { params: params.extend({ source: z.string().min(1).max(200) }) },
  responses: answers(packageDifferencesSchema, 'The differences.'),
});

/** What there is to ask of two campaigns. */
export function addCompareRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  const comparisonOf = async (before: string, after: string): Promise<CampaignComparison> =>
    compareCampaigns((await parts.feeds.open(before)).state, (await parts.feeds.open(after)).state);
  app.openapi(compare, async (context) => {
    const { before, after } = context.req.valid('param');
    return send(context, comparisonDocument(await comparisonOf(before, after)));
  });
  app.openapi(packages, async (context) => {
    const { before, after, source } = context.req.valid('param');
    const comparison = await comparisonOf(before, after);
    const found = comparison.sources.find((one) => one.source === source);
    if (found?.before?.outcome?.kind !== 'built' || found.after?.outcome?.kind !== 'built') {
      throw new PasekaError('unknown-source', `${source} was not built in both`, 'look at the comparison');
    }
    const compared = await parts.compareArtifacts(comparison, found.before, found.after);
    return send(context, { differences: compared.kind === 'compared' ? compared.differences : null });
  });
}

function comparisonDocument({ before, after, sources, notes }: CampaignComparison): Comparison {
  const counts = new Map<string, number>();
  for (const { verdict } of sources) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return {
    before: campaignDocument(before),
    after: campaignDocument(after),
    notes,
    verdicts: [...counts].map(([verdict, count]) => ({ verdict, count })),
    sources: sources.map((one) => ({
      source: one.source,
      verdict: one.verdict,
      ...(one.before === undefined ? {} : { before: sideDocument(one.before) }),
      ...(one.after === undefined ? {} : { after: sideDocument(one.after) }),
    })),
  };
}

function campaignDocument({ id, suite, architecture, change }: CampaignState): Comparison['before'] {
  return { id, suite, architecture, ...(change === undefined ? {} : { change }) };
}

function sideDocument({ task, version, outcome }: TaskState): ComparedSide {
  return {
    task,
    version,
    ...(outcome === undefined ? {} : { outcome: { ...outcome } }),
    line: outcome === undefined ? '' : decisiveLine(outcome),
  };
}
