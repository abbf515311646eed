// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

const campaign = z.object({ id: z.string(), suite: z.string(), architecture: z.string() }).loose();
const side = z
  .object({
    task: z.number().int(),
    version: z.string(),
    outcome: z.object({ kind: z.string() }).loose().optional(),
    /** What decided it. */
    line: z.string(),
  })
  .readonly();
const comparedSchema = z
  .object({ source: z.string(), verdict: z.string(), before: side.optional(), after: side.optional() })
  .readonly();

/** What became of each source from one campaign to another: what got worse first. */
export const comparisonSchema = z
  .object({
    before: campaign,
    after: campaign,
    /** What the two differ in besides their results. */
    notes: z.array(z.string()).readonly(),
    verdicts: z.array(z.object({ verdict: z.string(), count: z.number().int() }).readonly()).readonly(),
    sources: z.array(comparedSchema).readonly(),
  })
  .readonly()
  .openapi('Comparison');
export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparedSide = z.infer<typeof side>;

const difference = z.object({ kind: z.string() }).loose();

/** How the packages differ that two builds of a source gave; null where files of them are gone. */
export const packageDifferencesSchema = z
  .object({
    differences: z
      .array(z.object({ kind: z.string(), package: z.string(), differences: z.array(difference).optional() }))
      .nullable(),
  })
  .openapi('PackageDifferences');
export type PackageDifferences = z.infer<typeof packageDifferencesSchema>;
