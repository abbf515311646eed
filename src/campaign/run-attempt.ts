// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { unreachable } from '../base/invariant.ts';
import type { BuildResult, LocalPackage } from '../distro/distribution.ts';
import type { SourceFiles } from '../distro/source-input.ts';
import type { Artifact } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import { copyFile, makeDirectory, makeTemporaryDirectory, removeTree } from '../host/files.ts';
import { syncTree } from '../host/sync-tree.ts';
import type { Attempt } from './attempt.ts';
import { outcomeOfEnd } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import { withDependencies } from './dependency-layer.ts';
import { type PreparedBuild, prepareDependencies } from './prepare-attempt.ts';

export interface AttemptResult {
  readonly outcome: Outcome;
  readonly artifacts: readonly Artifact[];
  /** What was built, at the places where the results are kept. */
  readonly packages: readonly LocalPackage[];
}

/** How often a build may find out that it needs more: who needs all of them asks for another package each time. */
const mostRounds = 10;

/**
 * Builds in a fresh buildroot that has the dependencies, and keeps the results. A build that finds out that it needs more is
 * begun again in another root, over a layer that has that too.
 */
export async function runAttempt(
  context: CampaignContext,
  attempt: Attempt,
  build: PreparedBuild,
): Promise<AttemptResult> {
  await using scratch = new AsyncDisposableStack();
  const { base, source } = build;
  const known = new Set([setOf(build)]);
  let current = build;
  for (let round = 1; ; round++) {
    const end = await buildOnce(context, attempt, current, scratch);
    if (!('more' in end)) return end;
    attempt.log.line(`it needs more: ${end.reason}`);
    const { name, version } = source.input;
    const described: SourceFiles = {
      input: { kind: 'local', name, version, paths: [end.more.path] },
      files: [end.more],
    };
    const next = await prepareDependencies(context, attempt, { base, source: described, reuse: undefined });
    if (next.kind === 'ended') return notBuilt(next.outcome);
    const set = setOf(next.build);
    if (known.has(set) || round === mostRounds) {
      const reason = `it asks for what is installed already, or again and again: ${end.reason}`;
      return notBuilt({ kind: 'failed', stage: 'install-dependencies', reason });
    }
    known.add(set);
    current = { ...next.build, source };
  }
}

/** What a build has over its base, as a text: rounds go on as long as there is a set that was not tried. */
function setOf({ packages, removed }: PreparedBuild): string {
  return JSON.stringify([packages.map(({ sha256 }) => sha256).sort(), [...removed].sort()]);
}

/** A build that could not go on: what says all that it needs, outside of its root. */
interface MoreNeeded {
  readonly more: SourceFiles['files'][number];
  readonly reason: string;
}

async function buildOnce(
  context: CampaignContext,
  attempt: Attempt,
  build: PreparedBuild,
  scratch: AsyncDisposableStack,
): Promise<AttemptResult | MoreNeeded> {
  const end = await withDependencies(context, attempt, build, async (root) => {
    const result = await context.distribution.buildSource(root, build.source, {
      parallel: attempt.admission?.parallel ?? 1,
      profiles: attempt.options.profiles,
      onStep: (step) => attempt.phase(step),
    });
    if (result.kind !== 'needs-more') return keepResult(attempt, result);
    const { fileName, path } = result.description;
    const place = scratch.use(await makeTemporaryDirectory(context.scratchDirectory, 'needs-'));
    await copyFile(path, join(place.path, fileName));
    return { more: { fileName, path: join(place.path, fileName) }, reason: result.reason };
  });
  switch (end.kind) {
    case 'ready':
      return end.result;
    case 'failed':
      return notBuilt({ kind: 'failed', stage: 'install-dependencies', reason: end.reason });
    case 'interrupted':
      return notBuilt(outcomeOfEnd(end.end, 'install-dependencies', attempt.options.limits));
    default:
      return unreachable(end);
  }
}

async function keepResult(
  attempt: Attempt,
  result: Exclude<BuildResult, { kind: 'needs-more' }>,
): Promise<AttemptResult> {
  switch (result.kind) {
    case 'not-for-architecture':
      return notBuilt(result);
    case 'failed':
      return notBuilt({ kind: 'failed', stage: result.stage, reason: result.reason });
    case 'interrupted':
      return notBuilt(outcomeOfEnd(result.end, result.stage, attempt.options.limits));
    case 'built':
      break;
  }
  await removeTree(attempt.resultsDirectory);
  await makeDirectory(attempt.resultsDirectory);
  const artifacts: Artifact[] = [];
  for (const file of result.artifacts) {
    await copyFile(file.path, join(attempt.resultsDirectory, file.fileName));
    artifacts.push({ file: file.fileName, bytes: file.bytes, sha256: file.sha256 });
  }
  // What is told as built has to be there after a power failure. Some milliseconds for the usual few files.
  await syncTree(attempt.resultsDirectory);
  const packages = result.packages.map((file) => ({
    ...file,
    path: join(attempt.resultsDirectory, file.fileName),
  }));
  return { outcome: { kind: 'built' }, artifacts, packages };
}

function notBuilt(outcome: Outcome): AttemptResult {
  return { outcome, artifacts: [], packages: [] };
}
