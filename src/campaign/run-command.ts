// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import { didYouMean, nearestNames } from '../base/nearest-names.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { BaseVariant } from '../distro/distribution.ts';
import type { Resolution } from '../distro/resolution.ts';
import type { CommandEnd, Identity } from '../distro/root.ts';
import type { Base } from '../layers/base-store.ts';
import type { SandboxRequest, SandboxResult } from '../sandbox/sandbox.ts';
import type { CampaignContext } from './campaign-context.ts';
import { withDependencies } from './dependency-layer.ts';
import { fetchPackages } from './prepare-attempt.ts';
import { resolveContext } from './resolve-context.ts';
import { type TaskRun, withRootOnDemand } from './with-task-root.ts';

export interface CommandRequest {
  readonly command: readonly [string, ...string[]];
  readonly identity: Identity;
  readonly variant: BaseVariant;
  /** Names, or `name=version`, installed before. */
  readonly packages: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: SandboxRequest['output'];
  readonly input?: string;
}

/** Runs one command in a fresh buildroot with the wanted packages installed. Throws PasekaError for all before it. */
export async function runCommand(
  context: CampaignContext,
  run: TaskRun,
  request: CommandRequest,
): Promise<SandboxResult> {
  const base = await context.bases.ensure(context.snapshot, request.variant, run.signal);
  const over = resolveContext(context, base);
  const { packages, removed } =
    request.packages.length === 0
      ? { packages: [], removed: [] }
      : await resolveNamed(context, run, base, request.packages);
  const dependencies = { base, resolveContext: over, packages, removed };
  const end = await withDependencies(context, run, dependencies, (_root, buildroot) =>
    context.sandbox.run({
      root: buildroot.directory,
      command: request.command,
      identity: request.identity,
      environment: request.environment,
      workingDirectory: request.workingDirectory,
      binds: [],
      limits: run.options.limits,
      output: request.output,
      upper: buildroot,
      signal: run.signal,
      ...(request.input === undefined ? {} : { input: request.input }),
    }),
  );
  switch (end.kind) {
    case 'ready':
      return end.result;
    case 'failed':
      throw new PasekaError(
        'unsatisfiable-packages',
        end.reason,
        'a package of the snapshot does not install',
      );
    case 'interrupted':
      throw interrupted(end.end);
    default:
      return unreachable(end);
  }
}

async function resolveNamed(
  context: CampaignContext,
  run: TaskRun,
  base: Base,
  names: readonly string[],
): Promise<Extract<Resolution, { kind: 'resolved' }>> {
  const wanted = { names, local: [], candidates: [] };
  const resolution = await withRootOnDemand(context, run, [base.directory], (root) =>
    context.distribution.resolvePackages(root, resolveContext(context, base), wanted),
  );
  switch (resolution.kind) {
    case 'unknown-package':
      throw unknownPackage(context, resolution.name);
    case 'unsatisfiable':
      throw new PasekaError(
        'unsatisfiable-packages',
        resolution.explanation,
        'choose other packages or versions',
      );
    case 'interrupted':
      throw interrupted(resolution.end);
    case 'resolved':
      break;
    default:
      unreachable(resolution);
  }
  const missing = await fetchPackages(context, resolution.packages, run.signal);
  if (missing !== undefined) {
    throw new PasekaError(
      'file-not-on-mirror',
      `the mirror does not have ${missing.url} any more`,
      'create a newer snapshot',
    );
  }
  return resolution;
}

/** The error for a name that the snapshot doesn't have, with the nearest that it has. */
export function unknownPackage(context: Pick<CampaignContext, 'snapshot'>, name: string): PasekaError {
  const near = nearestNames(name, context.snapshot.catalog.packageNames());
  return new PasekaError(
    'unknown-package',
    `the snapshot has no package ${name}`,
    didYouMean(near, 'check its name'),
  );
}

/** The error for an installation that something stopped: the user, or this host. */
export function interrupted(end: CommandEnd): PasekaError {
  if (end.kind === 'cancelled') return new PasekaError('cancelled', 'cancelled', 'start it again');
  const why = end.kind === 'not-started' ? end.message : end.kind;
  return new PasekaError(
    'sandbox-failed',
    `the packages could not be installed: ${why}`,
    'run paseka doctor',
  );
}
