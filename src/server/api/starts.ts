// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

/** A line that the program takes as a word: nothing that would be an option, and paths as the server sees them. */
const word = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\s\p{Cc}-][^\p{Cc}]*$/u, 'a word that begins with no -')
  .refine((text) => !text.includes('/') || text.startsWith('/'), 'paths begin with /');
const name = z
  .string()
  .max(200)
  .regex(/^[\w.:+~*?[\]][\w.:+~*?[\]-]*$/, 'a name');

const words = z.array(word).max(1000).readonly();

/** A campaign to be started, as the options of `paseka rebuild` with the same names say it. */
export const campaignStartSchema = z
  .object({
    /** Names, NAME=VERSION, or absolute paths of sources on the server's machine. */
    sources: words.default([]),
    match: words.default([]),
    suite: name.optional(),
    snapshot: name.optional(),
    /** Absolute paths on the server's machine. */
    with: words.default([]),
    buildChange: words.default([]),
    jobs: z.number().int().min(1).max(4096).optional(),
    retries: z.number().int().min(0).max(100).optional(),
  })
  .strict()
  .openapi('CampaignStart');
export type CampaignStart = z.infer<typeof campaignStartSchema>;
/** As it may be written, without what has a default. */
export type CampaignStartInput = z.input<typeof campaignStartSchema>;

/** What of a campaign is to be built again: without anything said, all that did not pass. */
export const retrySchema = z
  .object({
    /** NAME or NAME=VERSION, however they ended. */
    sources: words.default([]),
  })
  .strict()
  .openapi('Retry');

/**
 * What became of a start: `starting` before the campaign is there, `started` from then on, `refused` where none came of it. The
 * process is one of its own and goes on when the server ends.
 */
export const startedRunSchema = z
  .object({
    start: z.string(),
    status: z.enum(['starting', 'started', 'refused']),
    campaign: z.string().optional(),
    /** What it said last. */
    said: z.string(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  })
  .readonly()
  .openapi('StartedRun');
export type StartedRun = z.infer<typeof startedRunSchema>;
