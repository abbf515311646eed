// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../base/invariant.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { DecidedBy, InstallCheckOutcome } from '../events/outcome.ts';
import { installCheckOutcomeOfEnd, outcomeOfError } from './attempt-outcome.ts';
import type { CampaignContext } from './campaign-context.ts';
import { findLayer, withDependenciesOf } from './dependency-layer.ts';
import { fetchPackages, verifyTrust } from './prepare-attempt.ts';
import { resolveContext } from './resolve-context.ts';
import { type TaskRun, withRootOnDemand } from './with-task-root.ts';

export interface CheckedInstall {
  readonly outcome: InstallCheckOutcome;
  readonly warnings: readonly string[];
  /** Who decided what its dependencies are; absent where that could not be decided. */
  readonly decidedBy?: DecidedBy;
}

/**
 * Checks one package in its own fresh minimal root: its dependencies first, taken from `candidates` (the other
 * packages of the same build, and the user's own) where they are there and else from the snapshot, then itself.
 */
export async function checkPackage(
  context: CampaignContext,
  run: TaskRun,
  file: LocalPackage,
  candidates: readonly LocalPackage[],
): Promise<CheckedInstall> {
  try {
    return await check(context, run, file, candidates);
  } catch (error) {
    return { outcome: outcomeOfError(error), warnings: [] };
  }
}

async function check(
  context: CampaignContext,
  run: TaskRun,
  file: LocalPackage,
  candidates: readonly LocalPackage[],
): Promise<CheckedInstall> {
  const { distribution, snapshot } = context;
  const { limits } = run.options;
  const base = await context.bases.ensure(snapshot, 'minimal', run.signal);
  const resolveOver = resolveContext(context, base);
  const wanted = { names: [], local: [file], candidates };
  const resolution = await withRootOnDemand(context, run, [base.directory], (root) =>
    distribution.resolvePackages(root, resolveOver, wanted),
  );
  const decided = 'decidedBy' in resolution ? { decidedBy: resolution.decidedBy } : {};
  const only = (outcome: InstallCheckOutcome): CheckedInstall => ({ outcome, warnings: [], ...decided });
  switch (resolution.kind) {
    case 'unsatisfiable':
      return only({ kind: 'dependencies-unsatisfiable', explanation: resolution.explanation });
    case 'unknown-package':
      return only({
        kind: 'dependencies-unsatisfiable',
        explanation: `${resolution.name} is not in the snapshot`,
      });
    case 'interrupted':
      return only(installCheckOutcomeOfEnd(resolution.end, limits));
    case 'resolved':
      break;
    default:
      return unreachable(resolution);
  }
  const packages = resolution.packages.filter((chosen) => chosen.name !== file.name);
  const { removed } = resolution;
  const untrusted = await verifyTrust(context, packages, run.signal);
  if (untrusted !== undefined) return only(notOnMirror(untrusted.url));
  const dependencies = packages.map(({ sha256 }) => sha256);
  const subject = { package: file.sha256, base: base.contents, dependencies, removed };
  const known = await context.checkResults.find(subject);
  if (known !== undefined) {
    run.log.line('the same package passed over the same base and dependencies before');
    return { outcome: { kind: 'passed' }, warnings: known, ...decided };
  }
  const request = { base, resolveContext: resolveOver, packages, removed };
  using layer = await findLayer(context, request);
  const missing = layer === undefined ? await fetchPackages(context, packages, run.signal) : undefined;
  if (missing !== undefined) return only(notOnMirror(missing.url));
  const end = await withDependenciesOf(context, run, file, request, (root) =>
    distribution.checkInstall(root, file),
  );
  if (end.kind === 'interrupted') return only(installCheckOutcomeOfEnd(end.end, limits));
  if (end.kind === 'failed') {
    return only({ kind: 'failed', step: 'install-dependencies', reason: end.reason });
  }
  const { result } = end;
  switch (result.kind) {
    case 'passed':
      await context.checkResults.keep(subject, result.warnings);
      return { outcome: { kind: 'passed' }, warnings: result.warnings, ...decided };
    case 'failed':
      return {
        outcome: { kind: 'failed', step: result.step, reason: result.reason },
        warnings: result.warnings,
        ...decided,
      };
    case 'interrupted':
      return only(installCheckOutcomeOfEnd(result.end, limits));
  }
}

function notOnMirror(url: string): InstallCheckOutcome {
  return { kind: 'host-fault', code: 'file-not-on-mirror', message: `${url} is not on the mirror any more` };
}
