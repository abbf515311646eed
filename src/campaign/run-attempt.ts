// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { unreachable } from '../base/invariant.ts';
import type { BuildResult, LocalPackage } from '../distro/distribution.ts';
import type { Artifact } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import { copyFile, makeDirectory, removeTree } from '../host/files.ts';
import { syncTree } from '../host/sync-tree.ts';
import type { Attempt } from './attempt.ts';
import { outcomeOfEnd } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import { withDependencies } from './dependency-layer.ts';
import type { PreparedBuild } from './prepare-attempt.ts';

export interface AttemptResult {
  readonly outcome: Outcome;
  readonly artifacts: readonly Artifact[];
  /** What was built, at the places where the results are kept. */
  readonly packages: readonly LocalPackage[];
}

/** Builds in a fresh buildroot that has the dependencies, and keeps the results. */
export async function runAttempt(
  context: CampaignContext,
  attempt: Attempt,
  build: PreparedBuild,
): Promise<AttemptResult> {
  const end = await withDependencies(context, attempt, build, async (root) => {
    const result = await context.distribution.buildSource(root, build.source, {
      parallel: attempt.admission?.parallel ?? 1,
      profiles: attempt.options.profiles,
      onStep: (step) => attempt.phase(step),
    });
    return keepResult(attempt, result);
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

async function keepResult(attempt: Attempt, result: BuildResult): Promise<AttemptResult> {
  switch (result.kind) {
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
