// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Resolution } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignContext } from './campaign-context.ts';
import { fetchSourceFiles } from './prepare-attempt.ts';
import { resolveContext } from './resolve-context.ts';
import { unknownPackage } from './run-command.ts';
import { type TaskRun, withTaskRoot } from './with-task-root.ts';

/** What would be installed, or why that can't be. */
export type ResolvedSet = Extract<Resolution, { kind: 'resolved' | 'unsatisfiable' }>;

/** The build dependencies of a source over the build base. Throws PasekaError for a file that isn't on the mirror. */
export async function resolveSourceSet(
  context: CampaignContext,
  run: TaskRun,
  source: SourceInput,
  profiles: readonly string[],
): Promise<ResolvedSet> {
  const files = await fetchSourceFiles(context, source, run.signal, 'description');
  if ('kind' in files) {
    throw new PasekaError(
      'file-not-on-mirror',
      `the mirror does not have ${files.url}`,
      'create a newer snapshot',
    );
  }
  const base = await context.bases.ensure(context.snapshot, 'build', run.signal);
  const resolution = await withTaskRoot(context, run, [base.directory], (root) =>
    context.distribution.resolveBuildDependencies(root, resolveContext(context, base), files, profiles),
  );
  return answered(context, resolution);
}

/** What installing these packages over the build base would bring. */
export async function resolvePackageSet(
  context: CampaignContext,
  run: TaskRun,
  names: readonly string[],
): Promise<ResolvedSet> {
  const base = await context.bases.ensure(context.snapshot, 'build', run.signal);
  const wanted = { names, local: [], candidates: [] };
  const resolution = await withTaskRoot(context, run, [base.directory], (root) =>
    context.distribution.resolvePackages(root, resolveContext(context, base), wanted),
  );
  return answered(context, resolution);
}

function answered(context: CampaignContext, resolution: Resolution): ResolvedSet {
  switch (resolution.kind) {
    case 'resolved':
    case 'unsatisfiable':
      return resolution;
    case 'unknown-package':
      throw unknownPackage(context, resolution.name);
    case 'interrupted':
      throw new PasekaError(
        'sandbox-failed',
        `resolving was interrupted: ${resolution.end.kind}`,
        'run paseka doctor',
      );
    default:
      return unreachable(resolution);
  }
}
