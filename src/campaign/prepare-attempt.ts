// SPDX-License-Identifier: GPL-2.0-or-later

import { basename } from 'node:path';
import { isPasekaError } from '../base/paseka-error.ts';
import type { EarlierResult } from '../db/earlier-results.ts';
import type { ResolvedPackage } from '../distro/distribution.ts';
import type { NotForArchitecture, Resolution, ResolveContext } from '../distro/resolution.ts';
import type { CommandEnd } from '../distro/root.ts';
import type { RemoteFile, SourceFiles, SourceInput } from '../distro/source-input.ts';
import type { Outcome } from '../events/outcome.ts';
import type { Base } from '../layers/base-store.ts';
import type { Attempt } from './attempt.ts';
import { outcomeOfEnd } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import { ensureLayer, findLayer } from './dependency-layer.ts';
import { resolveContext } from './resolve-context.ts';
import type { ReusableResults } from './reusable-results.ts';
import { inputsOf, takeOver } from './reuse-result.ts';
import { withRootOnDemand } from './with-task-root.ts';

/** What a build needs, all of it on this machine. */
export interface PreparedBuild {
  readonly base: Base;
  readonly resolveContext: ResolveContext;
  readonly source: SourceFiles;
  readonly packages: readonly ResolvedPackage[];
  readonly removed: readonly string[];
  /** Was built from the same before: only install checks are left to be done. */
  readonly reused?: EarlierResult;
}

type MissingFile = Extract<Outcome, { kind: 'file-missing' }>;

export type Preparation =
  | { readonly kind: 'prepared'; readonly build: PreparedBuild }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/**
 * Fetches a source, resolves its build dependencies over the build base, fetches those, and makes a layer of them: all
 * that can be done ahead of the worker.
 */
export async function prepareAttempt(context: CampaignContext, attempt: Attempt): Promise<Preparation> {
  const { snapshot } = context;
  const base = await context.bases.ensure(snapshot, 'build', attempt.signal);
  attempt.phase('fetch', 'source');
  const source = await fetchSourceFiles(context, attempt.source, attempt.signal);
  if ('kind' in source) return { kind: 'ended', outcome: source };
  return prepareDependencies(context, attempt, { base, source, reuse: attempt.reuse });
}

/** A source whose own description can't be read is the package's fault, and no waiting mends it. */
async function orUnreadable<T extends object>(
  resolved: Promise<T>,
): Promise<T | { readonly unreadable: string }> {
  try {
    return await resolved;
  } catch (error) {
    if (!isPasekaError(error, 'bad-source-package')) throw error;
    return { unreadable: error.message };
  }
}

/** What a build is prepared for: its source, or what a build in progress found out that it needs. */
interface DependencyPreparation {
  readonly base: Base;
  readonly source: SourceFiles;
  /** Earlier results that may be taken over. */
  readonly reuse: ReusableResults | undefined;
}

/** Resolves and fetches what a source says that it needs, and makes a layer of it. */
export async function prepareDependencies(
  context: CampaignContext,
  attempt: Attempt,
  { base, source, reuse }: DependencyPreparation,
): Promise<Preparation> {
  attempt.phase('resolve');
  const { profiles, candidates } = attempt.options;
  const resolveOver = resolveContext(context, base);
  const resolution = await withRootOnDemand(context, attempt, [base.directory], (root) =>
    orUnreadable(
      context.distribution.resolveBuildDependencies(root, resolveOver, { source, profiles, candidates }),
    ),
  );
  if ('unreadable' in resolution) {
    const { unreadable: reason } = resolution;
    return { kind: 'ended', outcome: { kind: 'failed', stage: 'resolve', reason } };
  }
  if (resolution.kind !== 'resolved') {
    if ('decidedBy' in resolution) attempt.resolved(resolution.decidedBy, undefined);
    return { kind: 'ended', outcome: outcomeOfResolution(resolution, attempt) };
  }
  const { packages, removed } = resolution;
  const untrusted = await verifyTrust(context, packages, attempt.signal);
  if (untrusted !== undefined) return { kind: 'ended', outcome: untrusted };
  const inputs = await inputsOf(attempt, { base, source, packages, removed });
  attempt.resolved(resolution.decidedBy, inputs);
  const build = { base, resolveContext: resolveOver, source, packages, removed };
  if (inputs !== undefined && reuse !== undefined) {
    const reused = await takeOver(attempt, inputs, reuse);
    if (reused !== undefined) return { kind: 'prepared', build: { ...build, reused } };
  }
  const found = await findLayer(context, build);
  if (found !== undefined) {
    attempt.phase('install-dependencies', `${packages.length} packages, in a layer that is there`);
    attempt.hold(found);
    return { kind: 'prepared', build };
  }
  attempt.phase('fetch', `${packages.length} packages`);
  const missing = await fetchPackages(context, packages, attempt.signal);
  if (missing !== undefined) return { kind: 'ended', outcome: missing };
  attempt.phase('install-dependencies', `${packages.length} packages`);
  const layer = await ensureOwn(context, attempt, build);
  if (layer.kind === 'layer') attempt.hold(layer.use);
  if (layer.kind !== 'failed') return { kind: 'prepared', build };
  const { failure } = layer;
  const stage = 'install-dependencies';
  return {
    kind: 'ended',
    outcome:
      failure.kind === 'failed'
        ? { kind: 'failed', stage, reason: failure.reason }
        : outcomeOfEnd(failure.end, stage, attempt.options.limits),
  };
}

/**
 * Makes the task's own layer, before it those that other tasks need too, each over the one before. One that can't be
 * made is left out: if it is a package's fault, the task's own layer will tell.
 */
async function ensureOwn(
  context: CampaignContext,
  attempt: Attempt,
  build: PreparedBuild,
): Promise<Awaited<ReturnType<typeof ensureLayer>>> {
  using meanwhile = new DisposableStack();
  for (const shared of build.removed.length > 0 ? [] : attempt.shared) {
    const packages = build.packages.filter(({ sha256 }) => shared.has(sha256));
    // a forecast that does not hold for this task is of no use to it
    if (packages.length !== shared.size) continue;
    const layer = await ensureLayer(context, attempt, { ...build, packages });
    if (layer.kind === 'layer') meanwhile.use(layer.use);
  }
  return await ensureLayer(context, attempt, build);
}

/** Fetches what comes from the repository; the outcome where the mirror lacks something. */
export async function fetchPackages(
  context: CampaignContext,
  packages: readonly ResolvedPackage[],
  signal: AbortSignal,
): Promise<MissingFile | undefined> {
  const remote = packages.flatMap((chosen) => (chosen.from === 'repository' ? [chosen] : []));
  return fetchAll(context, remote, signal);
}

/**
 * Whoever takes a result or a layer that is there has not looked at the packages that it was made with, and a snapshot with other
 * keys may have trusted them: those that have to be signed and were not found to be so yet are fetched and checked. The outcome
 * where the mirror lacks one; throws PasekaError signature-invalid.
 */
export async function verifyTrust(
  context: CampaignContext,
  packages: readonly ResolvedPackage[],
  signal: AbortSignal,
): Promise<MissingFile | undefined> {
  const remote = packages.flatMap((chosen) => (chosen.from === 'repository' ? [chosen] : []));
  const files = await context.signatures.unchecked(context.snapshot.frozenDirectory, remote);
  return files.length === 0 ? undefined : fetchAll(context, files, signal);
}

async function fetchAll(
  { distribution, pool, signatures, snapshot, scratchDirectory }: CampaignContext,
  files: readonly RemoteFile[],
  signal: AbortSignal,
): Promise<MissingFile | undefined> {
  for (const fetched of await pool.fetchAll(files, { signal })) {
    if (fetched.kind === 'missing') return { kind: 'file-missing', url: fetched.url };
  }
  const { frozenDirectory } = snapshot;
  const pathOf = ({ sha256 }: RemoteFile): string => pool.pathOf(sha256);
  await signatures.verify(distribution, { frozenDirectory, files, pathOf, scratchDirectory, signal });
  return undefined;
}

/**
 * Fetches the files of a source where they are the repository's, or only the one that describes it; the outcome where
 * the mirror lacks one.
 */
export async function fetchSourceFiles(
  context: CampaignContext,
  input: SourceInput,
  signal: AbortSignal,
  wanted: 'all' | 'description' = 'all',
): Promise<SourceFiles | MissingFile> {
  switch (input.kind) {
    case 'directory':
      return { input, files: [] };
    case 'local':
      return { input, files: input.paths.map((path) => ({ fileName: basename(path), path })) };
    case 'repository': {
      const files = wanted === 'all' ? input.files : input.files.slice(0, 1);
      const missing = await fetchAll(context, files, signal);
      if (missing !== undefined) return missing;
      return {
        input,
        files: files.map((file) => ({
          fileName: file.fileName,
          path: context.pool.pathOf(file.sha256),
        })),
      };
    }
  }
}

function outcomeOfResolution(
  resolution: Exclude<Resolution | NotForArchitecture, { kind: 'resolved' }>,
  attempt: Attempt,
): Outcome {
  switch (resolution.kind) {
    case 'not-for-architecture':
      return resolution;
    case 'unsatisfiable':
      return { kind: 'dependencies-unsatisfiable', explanation: resolution.explanation };
    case 'unknown-package':
      return { kind: 'dependencies-unsatisfiable', explanation: `${resolution.name} is not in the snapshot` };
    case 'interrupted': {
      const end: CommandEnd = resolution.end;
      return outcomeOfEnd(end, 'resolve', attempt.options.limits);
    }
  }
}
