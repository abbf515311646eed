// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';

const outcomeSchema = z.object({ kind: z.string() }).loose();
const usageSchema = z.object({
  wallMs: z.number(),
  buildMs: z.number(),
  buildCpuMs: z.number(),
  cpuMs: z.number(),
  peakMemoryBytes: z.number(),
  upperBytes: z.number(),
});

/** A task as the fold has it (events/campaign-state.ts, TaskState), and what its source took in earlier campaigns. */
export const taskSchema = z
  .object({
    campaign: z.string(),
    startedAt: z.number(),
    architecture: z.string(),
    task: z
      .object({
        task: z.number().int(),
        source: z.string(),
        version: z.string(),
        status: z.enum(['waiting', 'preparing', 'ready', 'running', 'ended']),
        attempts: z.array(
          z
            .object({
              attempt: z.number().int(),
              log: z.string(),
              startedAt: z.number(),
              endedAt: z.number().optional(),
              outcome: outcomeSchema.optional(),
              usage: usageSchema.optional(),
            })
            .loose(),
        ),
        phases: z.array(
          z.object({ phase: z.string(), startedAt: z.number(), endedAt: z.number().optional() }).loose(),
        ),
        installChecks: z.array(z.object({ package: z.string(), version: z.string() }).loose()),
        artifacts: z.array(z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })).readonly(),
        outcome: outcomeSchema.optional(),
      })
      .loose(),
    history: z.array(
      z
        .object({
          campaign: z.string(),
          version: z.string(),
          outcome: z.string(),
          endedAt: z.number(),
          ...usageSchema.omit({ buildCpuMs: true }).shape,
        })
        .loose(),
    ),
  })
  .openapi('Task');

/** What was installed to build a task, as `paseka campaign dependencies` says it. */
export const taskDependenciesSchema = z
  .object({
    packages: z
      .array(
        z
          .object({
            name: z.string(),
            version: z.string(),
            architecture: z.string(),
            /** `local` for packages of the user's own. */
            from: z.string().optional(),
            /** `debhelper → dh-autoreconf: Depends autoconf`: the way from the source, and what asked for it. */
            why: z.string().optional(),
          })
          .readonly(),
      )
      .readonly(),
    /** Packages of the base that had to go. */
    removed: z.array(z.string()).readonly().optional(),
    /** Why there is no such set; a line per step. */
    unsatisfiable: z.string().optional(),
    /** Instead of a set: why nothing is built from the source here. */
    notForArchitecture: z.string().optional(),
    /** Absent in that case. */
    decidedBy: z.string().optional(),
  })
  .loose()
  .readonly()
  .openapi('TaskDependencies');
export type TaskDependencies = z.infer<typeof taskDependenciesSchema>;

/** Lines of a log; numbers count from 1. */
export const logLinesSchema = z
  .object({
    firstLine: z.number().int(),
    lines: z.array(z.string()).readonly(),
    /** Of the whole log as it is now. */
    totalLines: z.number().int(),
  })
  .readonly()
  .openapi('LogLines');
export type LogLines = z.infer<typeof logLinesSchema>;

/** Lines of a log that contain what was searched for. */
export const logMatchesSchema = z
  .object({
    matches: z.array(z.object({ line: z.number().int(), text: z.string() }).readonly()).readonly(),
    /** Whether there are more after the last. */
    hasMore: z.boolean(),
  })
  .readonly()
  .openapi('LogMatches');
export type LogMatches = z.infer<typeof logMatchesSchema>;
