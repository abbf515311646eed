// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

/** How a source fared over campaigns, newest first. */
export const packageSchema = z
  .object({
    source: z.string(),
    outcomes: z
      .array(
        z
          .object({
            campaign: z.string(),
            suite: z.string(),
            architecture: z.string(),
            version: z.string(),
            outcome: z.string(),
            verdict: z.string().optional(),
            endedAt: z.number(),
          })
          .loose()
          .readonly(),
      )
      .readonly(),
    /** Since when and for how many campaigns it fails, by suite and architecture; only where it does. */
    failing: z
      .array(
        z
          .object({
            suite: z.string(),
            architecture: z.string(),
            since: z.number(),
            firstCampaign: z.string(),
            failures: z.number().int(),
          })
          .loose()
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
  .openapi('Package');
export type PackageReport = z.infer<typeof packageSchema>;
