// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatDuration } from '../base/duration.ts';
import { checkPackage } from '../campaign/install-check.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { InstallCheckState } from '../events/campaign-state.ts';
import { outcomeText } from '../events/outcome-text.ts';
import { renderTable } from '../report/table.ts';
import { exitStatus } from './exit-status.ts';
import {
  addCommonOptions,
  addLimitOptions,
  addRepositoryOptions,
  type CommonOptions,
  type LimitOptions,
  type RepositoryOptions,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions, LimitOptions {}

/** `paseka install-check`. */
export function installCheckCommand(): Command {
  const command = new Command('install-check')
    .description('install, inspect, remove and purge packages, each in its own fresh minimal root')
    .argument('<FILE...>', 'packages (.deb, .rpm), or the .changes of a build');
  return addLimitOptions(addRepositoryOptions(addCommonOptions(command)));
}

/** Checks all packages of the files, dependencies taken from each other before the snapshot; 1 where one fails. */
export async function runInstallCheck(files: readonly string[], options: Options): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const context = await workspace.openContext(options, signals.stop);
  const packages: LocalPackage[] = [];
  for (const file of files) packages.push(...(await context.distribution.openLocalPackages(resolve(file))));
  await using run = await openTaskRun(options, workspace, signals.stop, options.verbose);
  const checks: InstallCheckState[] = [];
  for (const file of packages.filter((candidate) => context.distribution.isInstallChecked(candidate))) {
    const started = context.now();
    output.progress(`checking ${file.name} ${file.version}`);
    const others = packages.filter((other) => other.name !== file.name);
    const checked = await checkPackage(context, run, file, others);
    checks.push({ package: file.name, version: file.version, ...checked, wallMs: context.now() - started });
  }
  output.result({ installChecks: checks.map(checkDocument) }, () => renderChecks(checks, output));
  return checks.every((check) => check.outcome.kind === 'passed') ? exitStatus.passed : exitStatus.notPassed;
}

function checkDocument(check: InstallCheckState): object {
  const { kind, ...why } = check.outcome;
  const { outcome: _outcome, ...rest } = check;
  return { ...rest, outcome: kind, ...why };
}

function renderChecks(checks: readonly InstallCheckState[], output: Output): string {
  const { style } = output;
  const rows = checks.map((check) => {
    const { words } = outcomeText(check.outcome);
    const marked = check.outcome.kind === 'passed' ? style.good(words) : style.bad(words);
    return [check.package, check.version, marked, formatDuration(check.wallMs)];
  });
  const lines = [renderTable(['package', 'version', 'outcome', 'time'].map(style.dim), rows, [0, 0, 0, 1])];
  for (const check of checks) {
    const { reason } = outcomeText(check.outcome);
    if (reason !== '') lines.push(`${style.bad('✗')} ${check.package}: ${reason}`);
    for (const warning of check.warnings) lines.push(`${style.warn('!')} ${check.package}: ${warning}`);
  }
  return `${lines.join('\n')}\n`;
}
