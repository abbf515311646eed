// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

const share = z.object({
  /** What there is of it here, for all workers. */
  onceBytes: z.number(),
  /** What a private copy would take for each of so many workers. */
  copiesBytes: z.number(),
});

/** The machine, what is kept on it, and what sharing saves. Sizes are bytes. */
export const hostSchema = z
  .object({
    cores: z.number().int(),
    memoryBytes: z.number(),
    availableBytes: z.number(),
    stateDirectory: z.string(),
    freeBytes: z.number(),
    snapshots: z.array(
      z.object({
        id: z.string(),
        suite: z.string(),
        architecture: z.string(),
        createdAt: z.string(),
        bytes: z.number(),
      }),
    ),
    bases: z.array(z.object({ id: z.string(), variant: z.string(), bytes: z.number() })),
    layers: z.array(
      z.object({ id: z.string(), packages: z.number().int(), made: z.string(), bytes: z.number() }),
    ),
    pool: z.object({ bytes: z.number() }),
    unpacked: z.object({ packages: z.number().int() }),
    /** For as many workers as the last campaign had; absent where nothing has been built yet. */
    savings: z
      .object({
        campaign: z.string(),
        workers: z.number().int(),
        index: share,
        roots: share,
        /** Everything of an attempt's time that was not its build: the median of the last campaign. */
        overheadMs: z.number().nullable(),
        attempts: z.number().int(),
      })
      .optional(),
  })
  .openapi('Host');
export type HostReport = z.infer<typeof hostSchema>;
