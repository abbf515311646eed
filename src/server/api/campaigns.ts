// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

/** What is tried out: packages of the user's own over the snapshot. */
const changeSchema = z
  .object({
    overlay: z.string(),
    packages: z
      .array(z.object({ name: z.string(), version: z.string(), architecture: z.string() }).loose())
      .readonly(),
    /** Changed ones that are built first. */
    sources: z
      .array(z.object({ name: z.string(), version: z.string() }).loose())
      .readonly()
      .optional(),
  })
  .loose()
  .readonly();

const summaryShape = {
  id: z.string(),
  status: z.enum(['running', 'interrupted', 'cancelled', 'ended']),
  snapshot: z.string(),
  suite: z.string(),
  architecture: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  workers: z.number().int(),
  overlay: z.string().optional(),
  baselineOf: z.string().optional(),
  tasks: z.number().int(),
  ended: z.number().int(),
  built: z.number().int(),
  lastSeq: z.number().int(),
};

/** A campaign in a list. Times are milliseconds since the epoch. */
export const campaignSummarySchema = z.object(summaryShape).readonly().openapi('CampaignSummary');
export type CampaignSummary = z.infer<typeof campaignSummarySchema>;

export const campaignListSchema = z
  .object({
    campaigns: z.array(z.object({ ...summaryShape, change: changeSchema.optional() }).readonly()).readonly(),
  })
  .readonly()
  .openapi('CampaignList');
export type CampaignList = z.infer<typeof campaignListSchema>;

const numbers = z.array(z.number()).readonly();

/** events/slim-campaign.ts, which says what is in it; `summary` is what the list says. */
export const campaignSchema = z
  .object({
    summary: campaignSummarySchema,
    slim: z
      .object({
        campaign: z
          .object({ seq: z.number().int(), id: z.string(), startedAt: z.number(), workers: z.number() })
          .loose(),
        totals: z.object({ tasks: z.number(), ended: z.number(), built: z.number() }).loose(),
        source: z.array(z.string()),
        version: z.array(z.string()),
        status: z.array(z.enum(['waiting', 'preparing', 'ready', 'running', 'ended'])),
        outcome: numbers,
        outcomes: z.array(z.object({ kind: z.string() }).loose()),
        verdict: z.array(z.union([z.string(), z.literal(0)])),
        checked: numbers,
        checkedPassed: numbers,
        attempt: numbers,
        worker: numbers,
        started: numbers,
        ended: numbers,
        wallMs: numbers,
        buildMs: numbers,
        buildCpuMs: numbers,
        cpuMs: numbers,
        peakMemoryBytes: numbers,
        upperBytes: numbers,
        extras: z.array(z.object({ task: z.number().int() }).loose()),
      })
      .readonly(),
  })
  .readonly()
  .openapi('Campaign');

const nullableNumbers = z.array(z.number().nullable());

/** events/resource-series.ts, up to the event numbered `seq`. */
export const resourcesSchema = z
  .object({
    seq: z.number().int(),
    at: z.array(z.number()),
    memoryBytes: z.array(z.number()),
    upperBytes: z.array(z.number()),
    availableBytes: z.array(z.number()),
    busyCores: z.array(z.number()),
    cpuPressure: nullableNumbers,
    memoryPressure: nullableNumbers,
    ioPressure: nullableNumbers,
    pauses: z.array(z.object({ from: z.number(), to: z.number().optional(), because: z.string() })),
    each: z.number(),
    inLast: z.number(),
  })
  .openapi('Resources');

/**
 * Who built what when: every attempt that a worker ran and that is over, by columns, in the order of the tasks. Times are
 * relative to the campaign's start; `phases` is `[place in phaseNames, start, end, ...]` of each.
 */
export const timelineSchema = z
  .object({
    phaseNames: z.array(z.string()).readonly(),
    task: numbers,
    attempt: numbers,
    worker: numbers,
    started: numbers,
    ended: numbers,
    passed: z.array(z.boolean()).readonly(),
    phases: z.array(numbers).readonly(),
  })
  .readonly()
  .openapi('Timeline');
export type Timeline = z.infer<typeof timelineSchema>;
