// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

/** Every answer that is none: the same document that the command line prints under --json. */
export const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) })
  .openapi('Error');
export type ErrorDocument = z.infer<typeof errorSchema>;
