// SPDX-License-Identifier: GPL-2.0-or-later
import { expect } from 'vitest';
import { z } from 'zod';
import { type PasekaOptions, paseka } from './paseka.ts';

const milliseconds = z.number().nonnegative();
const bytes = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const installCheck = z.looseObject({
  package: z.string(),
  version: z.string(),
  outcome: z.enum(['passed', 'failed', 'dependencies-unsatisfiable', 'timed-out', 'cancelled', 'host-fault']),
  warnings: z.array(z.string()),
  wallMs: milliseconds,
  decidedBy: z.enum(['paseka', 'apt']).optional(),
});

const task = z
  .looseObject({
    source: z.string(),
    version: z.string(),
    outcome: z.enum([
      'built',
      'failed',
      'dependencies-unsatisfiable',
      'not-for-architecture',
      'timed-out',
      'idle-timed-out',
      'out-of-memory',
      'output-limit',
      'process-limit',
      'disk-full',
      'file-missing',
      'cancelled',
      'host-fault',
    ]),
    stage: z.string().optional(),
    reason: z.string().optional(),
    attempts: z.int().nonnegative(),
    wallMs: milliseconds,
    buildMs: milliseconds,
    overheadMs: milliseconds,
    peakMemoryBytes: bytes,
    upperBytes: bytes,
    log: z.string().nullable(),
    decidedBy: z.enum(['paseka', 'apt']).optional(),
    artifacts: z.array(z.strictObject({ file: z.string(), bytes, sha256 })),
    installChecks: z.array(installCheck),
  })
  .refine(
    ({ wallMs, buildMs, overheadMs }) => overheadMs === wallMs - buildMs,
    'overheadMs = wallMs - buildMs',
  );

const rebuildDocument = z.strictObject({
  campaign: z.looseObject({
    id: z.string(),
    snapshot: sha256,
    suite: z.string(),
    architecture: z.string(),
    startedAt: z.iso.datetime(),
    wallMs: milliseconds,
  }),
  tasks: z.array(task),
  totals: z.looseObject({
    tasks: z.int().nonnegative(),
    built: z.int().nonnegative(),
    resolved: z.int().nonnegative(),
    decidedByApt: z.int().nonnegative(),
  }),
});

/** What `rebuild --json` prints, as the contract has it. */
export type RebuildDocument = z.infer<typeof rebuildDocument>;
export type TaskDocument = RebuildDocument['tasks'][number];
export type InstallCheckDocument = TaskDocument['installChecks'][number];

/** What a rebuild said and gave. */
export interface RebuildAnswer {
  readonly document: RebuildDocument;
  readonly stderr: string;
}

/** Runs `rebuild --json`, expects that status and a document of the contract. */
export async function rebuild(
  args: readonly string[],
  status: number,
  options: PasekaOptions,
): Promise<RebuildAnswer> {
  const result = await paseka(['rebuild', '--json', ...args], options);
  expect(result.status, `${result.stderr}\n${result.stdout}`).toBe(status);
  return { document: readRebuildDocument(result.stdout), stderr: result.stderr };
}

/** Reads the document; throws where it is not of the contract. */
export function readRebuildDocument(stdout: string): RebuildDocument {
  return rebuildDocument.parse(JSON.parse(stdout));
}

/** The task of a source; fails the test where there is not exactly one. */
export function taskOf(document: RebuildDocument, source: string): TaskDocument {
  const tasks = document.tasks.filter((one) => one.source === source);
  expect(tasks.length, `tasks of ${source}`).toBe(1);
  return tasks[0] as TaskDocument;
}
