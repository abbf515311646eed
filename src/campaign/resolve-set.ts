// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { NotForArchitecture, Resolution, WantedPackages } from '../distro/resolution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignContext } from './campaign-context.ts';
import { fetchSourceFiles } from './prepare-attempt.ts';
import { resolveContext } from './resolve-context.ts';
import { unknownPackage } from './run-command.ts';
import { type TaskRun, withRootOnDemand } from './with-task-root.ts';

/** What would be installed, or why that can't be or is not asked for. */
export type ResolvedSet = Extract<Resolution, { kind: 'resolved' | 'unsatisfiable' }> | NotForArchitecture;

/** How a set is to be resolved. */
export interface ResolveSetOptions {
  readonly profiles: readonly string[];
  /** Packages of the user's, preferred to the repository's. */
  readonly candidates: readonly LocalPackage[];
  readonly wantsReasons: boolean;
}

/**
 * The build dependencies of a source over the build base; of the repository's sources, only the file that describes
 * them is fetched. Throws PasekaError file-not-on-mirror.
 */
export async function resolveSourceSet(
  context: CampaignContext,
  run: TaskRun,
  input: SourceInput,
  options: ResolveSetOptions,
): Promise<ResolvedSet> {
  const source = await fetchSourceFiles(context, input, run.signal, 'description');
  if ('kind' in source) {
    throw new PasekaError(
      'file-not-on-mirror',
      `the mirror does not have ${source.url}`,
      'create a newer snapshot',
    );
  }
  const base = await context.bases.ensure(context.snapshot, 'build', run.signal);
  const request = { ...options, source };
  const resolution = await withRootOnDemand(context, run, [base.directory], (root) =>
    context.distribution.resolveBuildDependencies(root, resolveContext(context, base), request),
  );
  return answered(context, resolution);
}

/** What installing these packages over the build base would bring. */
export async function resolvePackageSet(
  context: CampaignContext,
  run: TaskRun,
  packages: Pick<WantedPackages, 'names' | 'local'>,
  options: ResolveSetOptions,
): Promise<ResolvedSet> {
  const base = await context.bases.ensure(context.snapshot, 'build', run.signal);
  const asked = new Set(packages.local.map(({ name }) => name));
  const candidates = options.candidates.filter(({ name }) => !asked.has(name));
  const wanted = { ...packages, candidates, wantsReasons: options.wantsReasons };
  const resolution = await withRootOnDemand(context, run, [base.directory], (root) =>
    context.distribution.resolvePackages(root, resolveContext(context, base), wanted),
  );
  return answered(context, resolution);
}

function answered(context: CampaignContext, resolution: Resolution | NotForArchitecture): ResolvedSet {
  switch (resolution.kind) {
    case 'resolved':
    case 'unsatisfiable':
    case 'not-for-architecture':
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
